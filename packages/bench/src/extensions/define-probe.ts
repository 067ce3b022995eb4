import type { Probe, ProbeContext, ProbeDefinition } from '../probes/probe.js';
import { CheckedProbe } from './checked-probe.js';
import { checkDescription, type CustomProbeDefinition, marked } from './contract.js';

/**
 * Completes a custom probe, to be passed to an evaluation as one of `probes`, or exported by a module that `hearken run
 * --extension` loads; `--probe` then selects it by name.
 *
 * What the probe returns is checked: configurations that are not JSON, a training without score or arrays, predictions
 * with the wrong size and probabilities outside [0, 1] are a PluginError naming the probe and the value.
 *
 * @throws PluginError for an incomplete definition, listing everything that is missing
 */
export function defineProbe(definition: CustomProbeDefinition): ProbeDefinition & {
  /** Its version, set by its author. */
  readonly version: string;
} {
  checkDescription('probe', definition, ['create']);
  const { name, version, summary } = definition;
  return marked('probe', {
    name,
    version,
    summary,
    create: (context: ProbeContext): Probe => new CheckedProbe(definition, definition.create(context), context),
  });
}
