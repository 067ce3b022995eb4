import type { EChartsOption } from 'echarts';
import type { NumberTable } from '@hearken/results/internal';

/** A picture and the numbers that it shows. */
export interface Picture {
  /** Its file name. */
  readonly id: string;
  readonly title: string;
  /** A description of what it shows, also for readers who cannot see it. */
  readonly description: string;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly option: EChartsOption;
  readonly numbers: NumberTable;
}
