/** The 12 standard leads of an ECG, in their usual order: limb leads, augmented leads, chest leads. */
export const standardLeads = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'] as const;

/** The name of one of the 12 standard leads. */
export type StandardLead = (typeof standardLeads)[number];

/** Prefixes of lead names in files; a hyphen alone may be a minus sign, as in `-aVR`. */
const prefix = /^(?:mdc_ecg_lead|ecg|ekg|lead)(?:\s+-\s+|[\s_.:]+|-(?=[a-z]))/;
/** Suffixes of lead names: the reference electrode. */
const suffix = /[-_\s]{1,3}ref(?:erence)?\.?$/;
/** Other names of the limb leads: Spanish and Portuguese ones, and ones with `ECG` attached. */
const aliases: Readonly<Record<string, string>> = { di: 'i', dii: 'ii', diii: 'iii' };
const attached = /^(?:ecg|ekg)(i{1,3}|av[rlf]|v[1-6])$/;

/**
 * A lead's name in lower case, without the spaces, prefixes (`Lead`, `ECG`, `EKG`) and reference suffixes (`ECG
 * V1-REF`) that files and people add.
 */
export function plainLeadName(name: string): string {
  let plain = name.trim().toLowerCase();
  // `ECG Lead II` has two of them.
  while (prefix.test(plain)) plain = plain.replace(prefix, '');
  plain = plain.replace(suffix, '').replace(/[\s_]+/g, '');
  plain = attached.exec(plain)?.[1] ?? plain;
  return Object.hasOwn(aliases, plain) ? aliases[plain] : plain;
}

/** The standard lead with this name, ignoring case, prefixes and suffixes: `AVR` and `Lead aVR` are aVR. */
export function findStandardLead(name: string): StandardLead | undefined {
  const plain = plainLeadName(name);
  return standardLeads.find((lead) => lead.toLowerCase() === plain);
}
