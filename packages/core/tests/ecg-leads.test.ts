import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findStandardLead, plainLeadName, standardLeads } from '../src/ecg-leads.js';

describe('standard leads', () => {
  it('are twelve, no two of one plain name', () => {
    expect(standardLeads).toHaveLength(12);
    expect(new Set(standardLeads.map(plainLeadName)).size).toBe(12);
  });

  it('are found whatever is around their name', () => {
    const around = fc.record({
      lead: fc.constantFrom(...standardLeads),
      front: fc.constantFrom('', 'Lead ', 'ECG ', 'EKG_', 'lead:', ' ECG. '),
      isUpper: fc.boolean(),
      end: fc.stringMatching(/^\s{0,3}$/),
    });
    fc.assert(
      fc.property(around, ({ lead, front, isUpper, end }) => {
        const written = `${front}${isUpper ? lead.toUpperCase() : lead.toLowerCase()}${end}`;
        expect(findStandardLead(written)).toBe(lead);
      }),
    );
  });

  it.each(['MLII', 'V7', '-aVR', '', 'lead', 'VI'])('are not %j', (name) => {
    expect(findStandardLead(name)).toBeUndefined();
  });

  it('have plain names that stay as they are', () => {
    // Not of every text: "lead lead I" has two words to lose.
    for (const lead of standardLeads) expect(plainLeadName(plainLeadName(lead))).toBe(plainLeadName(lead));
  });
});
