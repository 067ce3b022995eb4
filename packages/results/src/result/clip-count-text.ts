/** How many test clips a score is of, and in how many groups they come: `120`, or `120 (6 groups)`; `-` where it is not known. */
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
