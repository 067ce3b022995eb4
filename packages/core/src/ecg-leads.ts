/** The 12 standard leads of an ECG, in their usual order: limb leads, augmented leads, chest leads. */
export const standardLeads = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'] as const;

/** The name of one of the 12 standard leads. */
export type StandardLead = (typeof standardLeads)[number];

/** A lead's name without what files and people put around it: case, spaces, `Lead` or `ECG` in front. */
export function plainLeadName(name: string): string {
  const plain = name.trim().toLowerCase();
  return plain.replace(/^(?:ecg|ekg|lead)[\s_.:-]+/, '').replace(/[\s_]+/g, '');
}

/** The standard lead of that name, whatever its case and whatever is around it: `AVR` and `Lead aVR` are aVR. */
export function findStandardLead(name: string): StandardLead | undefined {
  const plain = plainLeadName(name);
  return standardLeads.find((lead) => lead.toLowerCase() === plain);
}
