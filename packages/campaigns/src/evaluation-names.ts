import { protocolByName } from '@hearken/results';
import type { CampaignEvaluation } from './campaign.js';

/** An evaluation as a campaign file or the command line says it. */
export type WrittenEvaluation = Partial<Omit<CampaignEvaluation, 'name'>>;

/** heareval's evaluation. */
const standard = { probe: 'mlp', grid: 'default', gridPoints: 8, seed: 0, seeds: 1 } as const;

/** A setting that a protocol prescribes otherwise. */
export interface Contradiction {
  /** Which setting. */
  readonly setting: 'probe' | 'grid' | 'gridPoints' | 'pca';
  /** Name of the protocol. */
  readonly protocol: string;
  /** What the protocol prescribes; undefined for none. */
  readonly prescribed: string | number | undefined;
}

/**
 * Completes an evaluation: what it does not say is as its protocol prescribes, or as in heareval. Its name tells what is
 * unlike that.
 *
 * @throws OptionError for an unknown protocol
 */
export function completeEvaluation(written: WrittenEvaluation): CampaignEvaluation | Contradiction {
  const { protocol } = written;
  const given = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
  const prescribed: WrittenEvaluation | undefined =
    protocol === undefined ? undefined : { ...protocolByName(protocol).evaluation, pca: undefined };
  if (protocol !== undefined && prescribed !== undefined) {
    for (const setting of ['probe', 'grid', 'gridPoints', 'pca'] as const) {
      if (written[setting] === undefined || written[setting] === prescribed[setting]) continue;
      return { setting, protocol, prescribed: prescribed[setting] };
    }
  }
  const evaluation = { ...standard, ...prescribed, ...given };
  return { ...evaluation, name: evaluationName(evaluation) };
}

function evaluationName({ protocol, probe, grid, gridPoints, pca, seed, seeds }: Omit<CampaignEvaluation, 'name'>) {
  const ofProbe = [
    probe,
    ...(grid === standard.grid ? [] : [`grid ${grid}`]),
    ...(gridPoints === standard.gridPoints ? [] : [`${gridPoints} grid point${gridPoints === 1 ? '' : 's'}`]),
    ...(pca === undefined ? [] : [`pca ${pca}`]),
  ];
  return [
    ...(protocol === undefined ? ofProbe : [protocol]),
    ...(seeds === 1 ? [] : [`${seeds} seeds`]),
    ...(seed === standard.seed ? [] : [`seed ${seed}`]),
  ].join(', ');
}
