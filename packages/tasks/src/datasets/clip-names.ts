/** Text as a file name on every system: path separators and reserved characters become `_`. */
export function clipName(text: string): string {
  // eslint-disable-next-line no-control-regex
  const plain = text.replace(/[\u0000-\u001f<>:"/\\|?*\s]/g, '_').replace(/^[.]+|[. ]+$/g, '_');
  return plain.slice(0, 180);
}

/** Text as part of a task's name. */
export function taskNamePart(text: string): string {
  return clipName(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_.-]+/gu, '_');
}
