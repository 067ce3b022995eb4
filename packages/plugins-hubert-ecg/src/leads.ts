import { didYouMean, findStandardLead, OptionError, type StandardLead, standardLeads } from '@hearken/core';

// The model's leads are joined in the usual order.
export type Lead = StandardLead;

/**
 * Leads that follow from I and II, as their factors (Einthoven: II = I + III; Goldberger: an augmented lead is one limb
 * against the mean of the two others).
 */
export const derivedLeads: Readonly<Partial<Record<Lead, readonly [ofI: number, ofII: number]>>> = {
  III: [-1, 1],
  aVR: [-0.5, -0.5],
  aVL: [1, -0.5],
  aVF: [-0.5, 1],
};

/**
 * Checks the `leads` option: the names of the signals' channels in their order, as a list or as text (`I II III aVR aVL
 * aVF V1-V6`). Case doesn't matter, nor do the prefixes `Lead` and `ECG` of a listed name.
 *
 * @throws OptionError for an unknown, repeated or missing name
 */
export function checkLeads(asked: unknown, fillLeads: boolean): Lead[] {
  if (asked === undefined) return [...standardLeads];
  const names: unknown[] = typeof asked === 'string' ? expand(asked) : Array.isArray(asked) ? asked : [asked];
  const shown = `leads ${JSON.stringify(asked).slice(0, 200)}`;
  const leads = names.map((name): Lead => {
    const lead = findStandardLead(String(name));
    if (lead !== undefined) return lead;
    throw new OptionError({
      asked: shown,
      found: `${JSON.stringify(name)}, which is not one of the model's leads`,
      fix: `${didYouMean(String(name), standardLeads)}remove it from the signals; known: ${standardLeads.join(', ')}`,
    });
  });
  const repeated = leads.find((lead, index) => leads.indexOf(lead) !== index);
  if (repeated !== undefined) {
    throw new OptionError({ asked: shown, found: `${repeated} twice`, fix: 'name each channel once' });
  }
  const missing = standardLeads.filter((lead) => !leads.includes(lead));
  const derivable = missing.filter((lead) => derivedLeads[lead] !== undefined);
  const lost = fillLeads ? missing.filter((lead) => !derivable.includes(lead)) : missing;
  if (lost.length > 0) {
    const canDerive = lost.length === derivable.length && !fillLeads;
    throw new OptionError({
      asked: shown,
      found: `no ${lost.join(', ')}`,
      fix: canDerive ? 'pass fillLeads true to compute them from I and II' : 'the model needs all 12 leads',
    });
  }
  return leads;
}

/** `V1-V6` stands for all leads from one to the other. */
function expand(text: string): string[] {
  return text
    .split(/[\s,;]+/)
    .filter((name) => name !== '')
    .flatMap((name) => {
      const [from, to] = name.split('-').map((end) => {
        const lead = findStandardLead(end);
        return lead === undefined ? -1 : standardLeads.indexOf(lead);
      });
      return to !== undefined && from >= 0 && to > from ? standardLeads.slice(from, to + 1) : [name];
    });
}

/** Whether a lead is constant. */
export function isFlat(values: Float32Array): boolean {
  return values.every((value) => value === values[0]);
}

/**
 * Puts the leads of a record into the model's order.
 *
 * @param record `[leads.length, samples]`, row-major
 * @param fillLeads whether III, aVR, aVL and aVF are computed from I and II if they are missing or flat
 * @returns `[12, samples]`, row-major
 */
export function arrangeLeads(record: Float32Array, leads: readonly Lead[], fillLeads: boolean): Float32Array {
  const inOrder = leads.length === standardLeads.length && leads.every((lead, index) => lead === standardLeads[index]);
  if (inOrder && !fillLeads) return record;
  const samples = record.length / leads.length;
  const channel = (lead: Lead) => {
    const index = leads.indexOf(lead);
    return index < 0 ? undefined : record.subarray(index * samples, (index + 1) * samples);
  };
  const arranged = new Float32Array(standardLeads.length * samples);
  const [first, second] = [channel('I') ?? new Float32Array(samples), channel('II') ?? new Float32Array(samples)];
  for (const [index, lead] of standardLeads.entries()) {
    const target = arranged.subarray(index * samples, (index + 1) * samples);
    const given = channel(lead);
    const derived = derivedLeads[lead];
    if (given !== undefined && !(fillLeads && derived !== undefined && isFlat(given))) {
      target.set(given);
    } else if (derived !== undefined) {
      for (let at = 0; at < samples; at += 1) target[at] = derived[0] * first[at] + derived[1] * second[at];
    }
  }
  return arranged;
}
