import { describe, expect, it } from 'vitest';
import { decodeText } from '../../src/text/decode-text.js';
import { tableText } from '../../src/text/table-text.js';

const text = 'Zeit;µV;名前\r\n1;2;ü\r\n';

/** Two or four bytes a code unit, with or without a byte order mark. */
function encode(width: 2 | 4, littleEndian: boolean, content: string): Uint8Array {
  const units =
    width === 2
      ? Array.from({ length: content.length }, (_, index) => content.charCodeAt(index))
      : Array.from(content, (one) => one.codePointAt(0) ?? 0);
  const view = new DataView(new ArrayBuffer(units.length * width));
  units.forEach((unit, index) => {
    if (width === 2) view.setUint16(2 * index, unit, littleEndian);
    else view.setUint32(4 * index, unit, littleEndian);
  });
  return new Uint8Array(view.buffer);
}

describe('text of a file', () => {
  it.each([
    ['UTF-8', new TextEncoder().encode(text)],
    ['UTF-8 with a mark', new TextEncoder().encode(`\uFEFF${text}`)],
    ['UTF-16 LE', encode(2, true, `\uFEFF${text}`)],
    ['UTF-16 BE', encode(2, false, `\uFEFF${text}`)],
    ['UTF-32 LE', encode(4, true, `\uFEFF${text}`)],
    ['UTF-32 BE', encode(4, false, `\uFEFF${text}`)],
  ])('is read from %s', (_name, bytes) => {
    expect(decodeText(bytes)).toBe(text);
  });

  it('is read from UTF-16 without a mark, and from Windows-1252', () => {
    expect(decodeText(encode(2, true, 'time,I,II\n0,1,2\n'))).toBe('time,I,II\n0,1,2\n');
    expect(decodeText(encode(2, false, 'time,I,II\n0,1,2\n'))).toBe('time,I,II\n0,1,2\n');
    expect(decodeText(Uint8Array.from([0xb5, 0x56, 0xfc]))).toBe('µVü');
    expect(decodeText(new Uint8Array(0))).toBe('');
  });
});

describe('text of a table', () => {
  it('comments and sep= in front of it are blank lines, and the delimiter is found', () => {
    expect(tableText('# a, b\r\n\n#c\nx;y\n1;2')).toEqual({
      text: '\r\n\n\nx;y\n1;2',
      delimiter: ';',
      firstLine: 'x;y',
    });
    expect(tableText('sep=;\nx,5;y\n').delimiter).toBe(';');
    expect(tableText('"a;b;c",d\n').delimiter).toBe(',');
    expect(tableText('a\tb, c\td').delimiter).toBe('\t');
    expect(tableText('sep=\t\na\tb').delimiter).toBe('\t');
    expect(tableText('')).toEqual({ text: '', delimiter: ',', firstLine: '' });
  });

  it('takes linear time for lines of spaces', () => {
    expect(tableText(`${' '.repeat(200_000)}x`).firstLine.length).toBe(200_001);
    expect(tableText(`${'\n'.repeat(200_000)}x`).firstLine).toBe('x');
  });
});
