import type { EChartsOption } from 'echarts';
import type { NumberTable } from '@hearken/results/internal';

/** A picture and the numbers that it shows. */
export interface Picture {
  /** Its files' name. */
  readonly id: string;
  readonly title: string;
  /** What is to be seen: for those who read, and for those who cannot see it. */
  readonly description: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly option: EChartsOption;
  readonly numbers: NumberTable;
}
