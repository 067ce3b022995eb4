/** Folders of clips are named by whole numbers of Hz: what lies between is stored at the next higher one. */
export function wholeRate(rate: number): number {
  return Math.max(1, Math.ceil(rate));
}

/**
 * What is to be said of the recordings' rates and the clips'.
 *
 * @param rates Hz of each recording that clips were made of
 * @param sampleRate Hz of the clips
 * @param asked the rate that was asked for, by the caller or the dataset; `source` where it is the recordings'
 */
export function clipRateWarnings(rates: readonly number[], sampleRate: number, asked: number | 'source'): string[] {
  const counts = new Map<number, number>();
  for (const rate of rates) counts.set(rate, (counts.get(rate) ?? 0) + 1);
  const sorted = [...counts].sort(([left], [right]) => left - right);
  const listed = (some: typeof sorted) => some.map(([rate, count]) => `${count} of ${rate} Hz`).join(', ');
  const lowered = sorted.filter(([rate]) => rate > sampleRate);
  if (lowered.length > 0) {
    const lost = `what is above ${sampleRate / 2} Hz is lost`;
    return [
      `Recordings were lowered to ${sampleRate} Hz (${listed(lowered)}): ${lost}. Choose a higher rate with --sample-rate.`,
    ];
  }
  if (asked !== 'source' || sorted.length < 2) return [];
  return [
    `The recordings have several rates (${listed(sorted)}): all clips have the highest, ${sampleRate} Hz. Clips that were recorded at a lower rate can be told by what is missing above half of it.`,
  ];
}
