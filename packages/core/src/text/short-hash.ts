/** A few hexadecimal digits that tell texts apart in names; not for identities, which need a real hash. */
export function shortHash(text: string, digits: number): string {
  let hash = 0;
  for (let index = 0; index < text.length; index += 1) hash = (31 * hash + text.charCodeAt(index)) % (16 ** digits - 1);
  return hash.toString(16).padStart(digits, '0');
}
