/** Whether a score beats another one. Equal ones do not; NaN beats nothing, and is beaten by everything else. */
export function isBetter(score: number, than: number, maximize: boolean): boolean {
  if (Number.isNaN(than)) return !Number.isNaN(score);
  return maximize ? score > than : score < than;
}
