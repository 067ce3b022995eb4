import { shortHash } from '@hearken/core/internal';
import { protocolByName } from '@hearken/results';
import type { CampaignEvaluation, CampaignHead, CampaignRecipe } from './campaign.js';

/** An evaluation as a campaign file or the command line says it. */
export type WrittenEvaluation = Partial<Omit<CampaignEvaluation, 'name'>>;

/** heareval's evaluation. */
const standard = { probe: 'mlp', grid: 'default', gridPoints: 8, seed: 0, seeds: 1 } as const;
/** A model's own head, and a recipe, have no grid of hyper-parameters. */
const withoutGrid = { grid: 'default', gridPoints: 1 } as const;

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
  const isWithoutGrid = written.probe === 'head' || written.probe === 'finetune';
  const evaluation = { ...standard, ...prescribed, ...given, ...(isWithoutGrid ? withoutGrid : {}) };
  return { ...evaluation, name: evaluationName(evaluation) };
}

function evaluationName(evaluation: Omit<CampaignEvaluation, 'name'>) {
  const { protocol, probe, grid, gridPoints, pca, seed, seeds, head, finetune } = evaluation;
  const single = probe === 'head' || probe === 'finetune' ? withoutGrid : standard;
  const ofProbe = [
    ...(finetune === undefined ? [probe] : recipeName(finetune)),
    ...(grid === standard.grid ? [] : [`grid ${grid}`]),
    ...(gridPoints === single.gridPoints ? [] : [`${gridPoints} grid point${gridPoints === 1 ? '' : 's'}`]),
    ...(pca === undefined ? [] : [`pca ${pca}`]),
    ...(head === undefined ? [] : headName(head)),
  ];
  return [
    ...(protocol === undefined ? ofProbe : [protocol]),
    ...(seeds === 1 ? [] : [`${seeds} seeds`]),
    ...(seed === standard.seed ? [] : [`seed ${seed}`]),
  ].join(', ');
}

/** The recipe, and what differs from it. */
function recipeName({ recipe, settings }: CampaignRecipe): string[] {
  const changed = Object.entries(settings).map(([name, value]) => `${name} ${String(value)}`);
  return [`recipe ${recipe}`, ...changed];
}

/** Crops, and whether labels are matched by a map or given names: two of these differ in a few digits of their hash. */
function headName({ crops, labelMap, names }: CampaignHead): string[] {
  const matched = JSON.stringify([labelMap, names?.labels]);
  return [
    ...(crops === undefined ? [] : [`${crops.aggregate} of ${crops.count} crops of ${crops.seconds} s`]),
    ...(labelMap === undefined && names === undefined ? [] : [`labels ${shortHash(matched, 4)}`]),
  ];
}
