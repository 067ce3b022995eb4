/** The number of test clips and groups behind a score: `120`, or `120 (6 groups)`; `-` if unknown. */
export function clipCountText({
  clips,
  groups,
}: {
  readonly clips?: number | null;
  readonly groups?: number | null;
}): string {
  if (clips === undefined || clips === null) return '-';
  if (groups === undefined || groups === null) return String(clips);
  return `${clips} (${groups} ${groups === 1 ? 'group' : 'groups'})`;
}
