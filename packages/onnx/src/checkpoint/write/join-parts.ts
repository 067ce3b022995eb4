/** A file that is written part by part, as one array of bytes: for pages and small files. */
export async function joinParts(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  const joined = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const part of all) {
    joined.set(part, start);
    start += part.length;
  }
  return joined;
}
