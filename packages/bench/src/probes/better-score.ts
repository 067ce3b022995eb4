/** Whether a score is better than another one. Equal ones are not; NaN is worse than everything else. */
export function isBetter(score: number, than: number, maximize: boolean): boolean {
  if (Number.isNaN(than)) return !Number.isNaN(score);
  return maximize ? score > than : score < than;
}
