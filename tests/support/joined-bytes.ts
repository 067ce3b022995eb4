/** Bytes one behind the other; texts are Latin-1, numbers that many zeros. */
export function joinedBytes(...parts: readonly (Uint8Array | string | number)[]): Uint8Array {
  const arrays = parts.map((part) =>
    typeof part === 'number'
      ? new Uint8Array(part)
      : typeof part === 'string'
        ? Uint8Array.from(part, (letter) => letter.charCodeAt(0))
        : part,
  );
  const whole = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    whole.set(array, at);
    at += array.length;
  }
  return whole;
}
