import type { Probe, ProbeContext, ProbeDefinition } from '../probes/probe.js';
import { CheckedProbe } from './checked-probe.js';
import { checkDescription, marked } from './contract.js';
import type { CustomProbeDefinition } from './custom-probe.js';

/**
 * Completes a custom probe, to be passed to an evaluation as one of `probes`, or exported by a module that
 * `hearken run --extension` loads; `--probe` then chooses it by its name.
 *
 * What the probe answers is checked: configurations that are no JSON, a training without score or arrays, predictions of
 * another size and probabilities outside [0, 1] are a PluginError that names the probe and what it answered.
 *
 * @throws PluginError for a definition that lacks something, listing everything it lacks
 */
export function defineProbe(definition: CustomProbeDefinition): ProbeDefinition & {
  /** Its author's version of it. */
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
