/** Concatenates arrays; a single array is returned as it is. */
export function joinValues(parts: readonly Float32Array[]): Float32Array {
  return join(parts, (length) => new Float32Array(length));
}

/** Concatenates bytes; a single piece is returned as it is. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  return join(parts, (length) => new Uint8Array(length));
}

function join<Values extends Float32Array | Uint8Array>(
  parts: readonly Values[],
  create: (length: number) => Values,
): Values {
  if (parts.length === 1) return parts[0];
  const whole = create(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
