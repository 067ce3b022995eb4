/** How deep the settings of a config are nested; deeper ones are left out. */
const MAX_DEPTH = 8;

/** The attributes of a pickled config that JSON can hold: numbers, text, and lists and dicts of them. */
export function plainAttributes(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return plainMembers(Object.entries(attributes), 0);
}

function plainMembers(members: Iterable<readonly [unknown, unknown]>, depth: number): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [key, value] of members) {
    const found = plainValue(value, depth + 1);
    if (found !== undefined && (typeof key === 'string' || typeof key === 'number')) {
      Object.defineProperty(plain, key, { value: found, enumerable: true });
    }
  }
  return plain;
}

function plainValue(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) return undefined;
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (Array.isArray(value)) return value.map((item) => plainValue(item, depth + 1) ?? null);
  if (value instanceof Map) return plainMembers(value as Map<unknown, unknown>, depth);
  if (typeof value !== 'object' || 'kind' in value) return undefined;
  return plainMembers(Object.entries(value), depth);
}
