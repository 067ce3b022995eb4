/** Folders of clips are named by whole numbers of Hz: rates in between are stored at the next higher one. */
export function wholeRate(rate: number): number {
  return Math.max(1, Math.ceil(rate));
}

/**
 * Sentences about the sample rates of recordings and clips.
 *
 * @param rates Hz of each recording that clips were made from
 * @param sampleRate Hz of the clips
 * @param asked the rate that the caller or the dataset asked for; `source`: the recordings' rate
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
      `Recordings were downsampled to ${sampleRate} Hz (${listed(lowered)}): ${lost}. Choose a higher rate with --sample-rate.`,
    ];
  }
  if (asked !== 'source' || sorted.length < 2) return [];
  return [
    `The recordings have several sample rates (${listed(sorted)}); all clips have the highest, ${sampleRate} Hz. Clips recorded at a lower rate can be recognised by missing high frequencies.`,
  ];
}
