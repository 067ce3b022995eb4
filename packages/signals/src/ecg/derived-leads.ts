import { findStandardLead, plainLeadName, type StandardLead } from '@hearken/core';

/**
 * Leads that follow exactly from I and II, as their factors (Einthoven: II = I + III; Goldberger: an augmented lead is one
 * limb against the mean of the two others). Source: J. Malmivuo and R. Plonsey, Bioelectromagnetism, Oxford University
 * Press 1995, chapter 15.
 */
const derived: Readonly<
  Partial<Record<StandardLead, { factors: readonly [ofI: number, ofII: number]; text: string }>>
> = {
  III: { factors: [-1, 1], text: 'III = II - I (Einthoven)' },
  aVR: { factors: [-0.5, -0.5], text: 'aVR = -(I + II)/2 (Goldberger)' },
  aVL: { factors: [1, -0.5], text: 'aVL = I - II/2 (Goldberger)' },
  aVF: { factors: [-0.5, 1], text: 'aVF = II - I/2 (Goldberger)' },
};

const sources = ['I', 'II'] as const;

/** The requested leads that a file lacks and that can be computed from its leads I and II. */
export function derivableLeads(names: readonly string[], asked: readonly string[]): string[] {
  const plain = names.map(plainLeadName);
  if (sources.some((source) => !plain.includes(plainLeadName(source)))) return [];
  return asked.filter((lead) => !plain.includes(plainLeadName(lead)) && formulaOf(lead) !== undefined);
}

/** The leads to read for the requested ones: also I and II if a lead is derived from them. */
export function leadsToRead(names: readonly string[], asked: readonly string[]): string[] {
  const toDerive = derivableLeads(names, asked);
  const kept = asked.filter((lead) => !toDerive.includes(lead));
  const plain = kept.map(plainLeadName);
  const more = toDerive.length === 0 ? [] : sources.filter((source) => !plain.includes(plainLeadName(source)));
  return [...kept, ...more];
}

/**
 * A lead from leads I and II.
 *
 * @param first lead I, `[samples]`
 * @param second lead II, `[samples]`
 * @param target `[samples]`
 */
export function deriveLead(lead: string, first: Float32Array, second: Float32Array, target: Float32Array): void {
  const [ofFirst, ofSecond] = formulaOf(lead)?.factors ?? [NaN, NaN];
  for (let at = 0; at < target.length; at += 1) target[at] = ofFirst * first[at] + ofSecond * second[at];
}

/** The warning about derived leads. */
export function derivedWarning(leads: readonly string[]): string {
  const formulas = leads.map((lead) => formulaOf(lead)?.text ?? lead);
  const verbs = leads.length === 1 ? ['is', 'was'] : ['are', 'were'];
  return `Lead ${leads.join(', ')} ${verbs[0]} not in the file and ${verbs[1]} computed from I and II: ${formulas.join(', ')}.`;
}

function formulaOf(name: string) {
  const lead = findStandardLead(name);
  return lead === undefined ? undefined : derived[lead];
}
