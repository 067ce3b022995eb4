import { bytesSha256 } from '@hearken/core/node';

/** SHA-256, in hexadecimal, of a JSON value; the order of keys does not matter. */
export function hashIdentity(value: unknown): string {
  return bytesSha256(canonicalJson(value));
}

/** JSON with sorted keys. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
}
