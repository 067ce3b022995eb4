/** A text file as one part. */
// Async, because the parts of all files are.
// eslint-disable-next-line @typescript-eslint/require-await
export async function* textParts(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
