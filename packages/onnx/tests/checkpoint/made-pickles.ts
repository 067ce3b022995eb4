import { latin1Bytes, zipFile, type MadeEntry } from './made-zips.js';

/**
 * Pieces of pickles, as strings whose characters are the bytes. Each leaves one value on the stack,
 * so that they nest as the values do.
 */
export const piece = {
  text: (text: string) => {
    const utf8 = String.fromCharCode(...new TextEncoder().encode(text));
    return `X${uint32(utf8.length)}${utf8}`;
  },
  integer: (value: number) => `J${uint32(value >>> 0)}`,
  tuple: (...items: string[]) => `(${items.join('')}t`,
  list: (...items: string[]) => `](${items.join('')}e`,
  dict: (members: Record<string, string>) =>
    `}(${Object.entries(members)
      .map(([key, value]) => piece.text(key) + value)
      .join('')}u`,
  global: (module: string, name: string) => `c${module}\n${name}\n`,
  call: (module: string, name: string, ...args: string[]) => `${piece.global(module, name)}${piece.tuple(...args)}R`,
  instance: (module: string, name: string, state?: string) =>
    `${piece.global(module, name)})\x81${state === undefined ? '' : `${state}b`}`,
  storage: (type: string, key: string, elementCount: number) =>
    piece.tuple(
      piece.text('storage'),
      piece.global('torch', type),
      piece.text(key),
      piece.text('cpu'),
      piece.integer(elementCount),
    ) + 'Q',
  tensor: (storage: string, offset: number, shape: number[], strides: number[]) =>
    piece.call(
      'torch._utils',
      '_rebuild_tensor_v2',
      storage,
      piece.integer(offset),
      piece.tuple(...shape.map(piece.integer)),
      piece.tuple(...strides.map(piece.integer)),
      '\x89',
      piece.call('collections', 'OrderedDict'),
    ),
};

/** A whole pickle of protocol 2 around a piece. */
export function pickled(value: string): Uint8Array {
  return latin1Bytes(`\x80\x02${value}.`);
}

/** A checkpoint as torch.save writes it, of this pickled value and these storages. */
export function torchFile(
  value: string | Uint8Array,
  storages: Record<string, Uint8Array> = {},
  others: Record<string, string> = { byteorder: 'little', version: '3\n' },
  folder = 'archive/',
): Uint8Array {
  const entries: MadeEntry[] = [
    { name: `${folder}data.pkl`, data: typeof value === 'string' ? pickled(value) : value, padding: 18 },
  ];
  for (const [key, data] of Object.entries(storages)) entries.push({ name: `${folder}data/${key}`, data, padding: 7 });
  for (const [name, data] of Object.entries(others)) entries.push({ name: folder + name, data: latin1Bytes(data) });
  return zipFile(entries);
}

/** The bytes of float32 values. */
export function floats(...values: number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

function uint32(value: number): string {
  return String.fromCharCode(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255);
}
