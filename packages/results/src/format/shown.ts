/** A value for messages: one line of limited length. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
  return (text ?? 'nothing').replace(/\p{Cc}+/gu, ' ').slice(0, 120);
}
