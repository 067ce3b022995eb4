import fc from 'fast-check';
import type { EventScores, SoundEvent } from '../../src/scores.js';

/** Labels of the made-up events. */
export const eventLabels = ['alert', 'cough', 'door'];

/** The scores of one file. */
export function oneFile(reference: SoundEvent[], estimated: SoundEvent[]): EventScores {
  return {
    reference: new Map([['a.wav', reference]]),
    estimated: new Map([['a.wav', estimated]]),
    labels: eventLabels,
  };
}

/** An event of a label from `start` to `end` ms. */
export function event(label: string, start: number, end: number): SoundEvent {
  return { label, start, end };
}

/** Any events of one file: up to eight in 4 s, so that many lie close together. */
export function anyEvents(): fc.Arbitrary<SoundEvent[]> {
  return fc.array(
    fc
      .tuple(fc.constantFrom(...eventLabels), fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 1000 }))
      .map(([label, start, length]) => event(label, start, start + length)),
    { maxLength: 8 },
  );
}
