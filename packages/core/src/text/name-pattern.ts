/** Whether a name matches a pattern, in which `*` stands for any text; in linear time. */
export function matchesPattern(name: string, pattern: string): boolean {
  const [head, ...parts] = pattern.split('*');
  if (parts.length === 0) return name === pattern;
  if (!name.startsWith(head)) return false;
  const tail = parts.pop() ?? '';
  let from = head.length;
  for (const part of parts) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return name.length - tail.length >= from && name.endsWith(tail);
}
