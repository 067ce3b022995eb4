/**
 * Where a checkpoint is. On Node.js, the path of a file or of a folder in Hugging Face's layout. In a browser, what a
 * file input, a drop or the network gives: files (several for a folder), bytes, or a URL.
 */
export type ModelSource = string | URL | Blob | ArrayBuffer | Uint8Array | readonly File[];

/** A name of the source that the user recognises, for messages. */
export function modelSourceName(source: ModelSource): string {
  if (typeof source === 'string') return source;
  if (source instanceof URL) return source.href;
  if (Array.isArray(source)) return (source as readonly File[]).map((file) => file.name).join(', ') || 'no files';
  if ('name' in source && typeof source.name === 'string' && source.name !== '') return source.name;
  return 'the checkpoint';
}
