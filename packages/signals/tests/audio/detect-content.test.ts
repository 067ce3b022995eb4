import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSource } from '../../src/audio/byte-source.js';
import { detectContent, findContent } from '../../src/audio/detect-content.js';
import { parseMpegHeader } from '../../src/audio/containers/mpeg-header.js';
import { adtsFrame } from '../../src/audio/mpeg-frame.js';

const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const joined = (...parts: Iterable<number>[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const zeros = (length: number) => new Uint8Array(length);
const bits7 = (size: number) => [size >> 21, (size >> 14) & 127, (size >> 7) & 127, size & 127];
const id3 = (size: number, flags = 0) =>
  joined(ascii('ID3'), [4, 0, flags], bits7(size), new Uint8Array(size + (flags & 0x10 ? 10 : 0)).fill(7));
const apeTag = (size: number) => {
  const tag = joined(ascii('APETAGEX'), zeros(24), new Uint8Array(size).fill(9));
  const view = new DataView(tag.buffer);
  view.setUint32(8, 2000, true);
  view.setUint32(12, size, true);
  view.setUint32(20, 0xa000_0000, true);
  return tag;
};
const oggPage = (content: Iterable<number>, flags = 2) => {
  const bytes = [...content];
  return joined(ascii('OggS'), [0, flags], zeros(20), [1, bytes.length], bytes);
};
/** Frames of 128 kbit/s at 44.1 kHz: 417 bytes each. */
const mp3Frames = (count: number, filler = 0x55) =>
  joined(...Array.from({ length: count }, () => joined([0xff, 0xfb, 0x90, 0x64], new Uint8Array(413).fill(filler))));
const adtsFrames = (count: number) =>
  joined(...Array.from({ length: count }, () => joined([0xff, 0xf1, 0x50, 0x80, 0x04, 0x1f, 0xfc], zeros(25))));

const contents: [string, Uint8Array][] = [
  ['wav', joined(ascii('RIFF0000WAVEfmt '), zeros(32))],
  ['wav', joined(ascii('RIFX0000WAVEfmt '), zeros(32))],
  ['wav', joined(ascii('RF64\xff\xff\xff\xffWAVEds64'), zeros(32))],
  ['wav', joined(ascii('BW64\xff\xff\xff\xffWAVEds64'), zeros(32))],
  ['w64', joined(ascii('riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00'), zeros(32))],
  ['aiff', joined(ascii('FORM0000AIFCCOMM'), zeros(32))],
  ['caf', joined(ascii('caff\x00\x01\x00\x00desc'), zeros(32))],
  ['au', joined(ascii('.snd'), zeros(32))],
  ['au', joined(ascii('dns.'), zeros(32))],
  ['sphere', joined(ascii('NIST_1A\n   1024\n'), zeros(32))],
  ['flac', joined(ascii('fLaC'), [0, 0, 0, 34], zeros(34))],
  ['oggflac', oggPage(ascii('\x7fFLAC\x01'))],
  ['oga', oggPage(ascii('\x01vorbis'))],
  ['opus', oggPage(ascii('OpusHead'))],
  // A skeleton stream describes the others, and stands in front of them.
  ['opus', joined(oggPage(ascii('fishead\x00')), oggPage(ascii('OpusHead')))],
  ['mp3', mp3Frames(5)],
  ['aac', adtsFrames(6)],
  ['m4a', joined([0, 0, 0, 24], ascii('ftypM4A '), zeros(32))],
  ['m4a', joined([0, 0, 1, 24], ascii('moov'), zeros(32))],
  ['webm', joined([0x1a, 0x45, 0xdf, 0xa3], zeros(32))],
];
const fronts: [string, Uint8Array][] = [
  ['nothing', zeros(0)],
  ['an ID3v2 tag', id3(300)],
  ['an ID3v2 tag with a footer', id3(200, 0x10)],
  ['a tag of a large picture', id3(300_000)],
  ['two tags', joined(id3(20), id3(1000))],
  ['a tag and its padding', joined(id3(20), zeros(5000))],
  ['zeros', zeros(100_000)],
  ['bytes of 0xff', new Uint8Array(9).fill(0xff)],
  ['zeros and a tag', joined(zeros(3), id3(20))],
  ['an APE tag', apeTag(90)],
  ['all of that', joined(zeros(2), id3(20), apeTag(77), new Uint8Array(600).fill(0xff), zeros(7), id3(128))],
];

describe('detectContent', () => {
  it.each(contents)('finds %s behind any tag and padding, and where it begins', async (format, content) => {
    for (const [, front] of fronts) {
      const file = joined(front, content);
      const expected = { format, offset: front.length };
      expect(detectContent(file)).toEqual(expected);
      const source = { size: file.length, read: (offset: number, length: number) => slice(file, offset, length) };
      expect(await readSource(findContent(file.length), source)).toEqual(expected);
    }
  });

  it('finds MP3 and AAC behind up to 64 KiB of anything', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 3000 }),
        fc.nat(30_000),
        fc.constantFrom(['mp3', mp3Frames(6)] as const, ['aac', adtsFrames(8)] as const),
        (junk, filler, [format, frames]) => {
          // Text, zeros and the signatures of other formats are told apart before.
          const front = joined([1, 2, 3], new Uint8Array(filler).fill(0x81), junk, [1]);
          const found = detectContent(joined(front, frames));
          expect(found).toEqual({ format, offset: front.length });
        },
      ),
      { numRuns: 50 },
    );
    const far = joined([1, 2, 3], new Uint8Array(70_000).fill(0x81), mp3Frames(6));
    expect(detectContent(far)).toBeUndefined();
  });

  it('takes no chance frame for MP3: others have to follow', () => {
    const chance = joined([1, 2, 3], [0xff, 0xfb, 0x90, 0x64], new Uint8Array(2000).fill(0x33));
    expect(detectContent(chance)).toBeUndefined();
    const otherRate = joined([1, 2, 3], mp3Frames(1), [0xff, 0xfb, 0x94, 0x64], new Uint8Array(2000).fill(0x33));
    expect(detectContent(otherRate)).toBeUndefined();
    expect(detectContent(joined(id3(20), new Uint8Array(2000).fill(0x33)))).toEqual({
      words: 'text',
      fix: expect.stringContaining('WAV') as string,
      offset: 30,
    });
    expect(detectContent(joined(id3(20), new Uint8Array(2000).fill(0x91)))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 100, maxLength: 5000 }), (noise) => {
        expect(detectContent(joined([1, 2, 3, 200], noise))?.format).toBeUndefined();
      }),
    );
  });

  it('takes one frame that ends with the file, or with a tag', () => {
    expect(detectContent(mp3Frames(1))).toEqual({ format: 'mp3', offset: 0 });
    expect(detectContent(joined(id3(30), mp3Frames(1), ascii('TAG'), zeros(125)))).toMatchObject({ format: 'mp3' });
    expect(detectContent(Uint8Array.of(0xff, 0xfb, 0x90, 0x64))).toEqual({ format: 'mp3', offset: 0 });
  });

  it('finds the free format by the equal distance of its frames', () => {
    const frame = joined([0xff, 0xfb, 0x00, 0x64], new Uint8Array(1000).fill(0x44));
    expect(detectContent(joined(frame, frame, frame))).toEqual({ format: 'mp3', offset: 0 });
    expect(detectContent(joined(frame, frame.subarray(0, 500), frame, frame))).toBeUndefined();
  });

  it.each<[RegExp, Iterable<number>]>([
    [/Windows Media/, ascii('\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9')],
    [/AMR-WB/, ascii('#!AMR-WB\n')],
    [/AMR speech/, ascii('#!AMR\n')],
    [/Shorten/, ascii('ajkg\x02')],
    [/VOC/, ascii('Creative Voice File\x1a\x1a\x00')],
    [/8SVX/, ascii('FORM\x00\x00\x0f\xfc8SVXVHDR')],
    [/WavPack/, ascii('wvpk\x28\x12\x00\x00')],
    [/TTA/, ascii('TTA1\x01\x00')],
    [/AC-3/, [0x0b, 0x77, 0xf5, 0x80, 0x54, 0x40]],
    [/DTS/, [0x7f, 0xfe, 0x80, 0x01]],
    [/Speex/, oggPage(ascii('Speex   1.2'))],
    [/Ogg video/, oggPage(ascii('\x80theora'))],
    [/Ogg stream without its beginning/, oggPage(ascii('anything'), 0)],
    [/GSM 6.10/, joined(...Array.from({ length: 8 }, () => joined([0xd4], new Uint8Array(32).fill(0x92))))],
    [/LATM/, joined([0x56, 0xe0, 5], zeros(5), [0x56, 0xe0, 5], zeros(5))],
    [/MPEG transport/, joined(...Array.from({ length: 8 }, () => joined([0x47], new Uint8Array(187).fill(0x92))))],
    [/MATLAB/, ascii('MATLAB 5.0 MAT-file, written by')],
    [/NumPy/, ascii('\x93NUMPY\x01\x00')],
    [/EDF/, ascii(`0       ${'X'.padEnd(160)}01.01.2601.00.00768     `)],
    [/BDF/, ascii('\xffBIOSEMI')],
    [/GDF/, ascii('GDF 2.20')],
    [/SCP-ECG/, ascii(`${'\x00\x07\x01\x00'.padEnd(16, '\x01')}SCPECG`)],
    [/DICOM/, joined(zeros(128), ascii('DICM'))],
    [/ISHNE/, ascii('ISHNE1.0')],
    [/MFER/, ascii('\x40\x20MFR ')],
    [/aECG/, ascii('<?xml version="1.0"?>\n<AnnotatedECG xmlns="urn:hl7-org:v3">')],
    [/WFDB/, ascii('100 2 360 650000\n100.dat 212 200 11 1024 995 -22131 0 MLII\n')],
    [/JPEG/, [0xff, 0xd8, 0xff, 0xe0]],
    [/gzip/, [0x1f, 0x8b, 8]],
    [/UTF-16/, joined([0xff, 0xfe], ...[...'label;clip'].map((letter) => [letter.charCodeAt(0), 0]))],
    [/^text$/, ascii('file,label\na.wav,cat\n')],
    [/^text$/, new TextEncoder().encode('файл,метка\nзвук.wav,кот\n')],
    [/^text$/, ascii('Geräusch;Grösse\n'.repeat(4))],
    [/a tag and nothing after it/, id3(40)],
    [/nothing but zeros/, zeros(9999)],
  ])('names %s, and says what to do', (words, bytes) => {
    const found = detectContent(Uint8Array.from(bytes));
    expect(found).toMatchObject({ words: expect.stringMatching(words) as string });
    expect(found?.format === undefined && found?.fix.length).toBeGreaterThan(20);
  });

  it('comes to an end on whatever it is given', () => {
    expect(detectContent(zeros(0))).toBeUndefined();
    // Tags of no length, without end.
    expect(detectContent(joined(...Array.from({ length: 2000 }, () => id3(0))))).toBeUndefined();
    const heads = [...contents, ...fronts].map(([, bytes]) => bytes.subarray(0, 600));
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 40 }))), (parts) => {
        const found = detectContent(joined(...parts));
        expect(found === undefined || found.offset >= 0).toBe(true);
      }),
    );
  });
});

describe('the head of a frame', () => {
  it.each([
    [
      [0xff, 0xfb, 0x90, 0x64],
      { version: 1, layer: 3, sampleRate: 44_100, bitrate: 128_000, channels: 2, samples: 1152, bytes: 417 },
    ],
    [
      [0xff, 0xfb, 0x92, 0xc4],
      { version: 1, layer: 3, sampleRate: 44_100, bitrate: 128_000, channels: 1, samples: 1152, bytes: 418 },
    ],
    [
      [0xff, 0xf3, 0x84, 0xc4],
      { version: 2, layer: 3, sampleRate: 24_000, bitrate: 64_000, channels: 1, samples: 576, bytes: 192 },
    ],
    [
      [0xff, 0xe3, 0x48, 0xc4],
      { version: 2.5, layer: 3, sampleRate: 8000, bitrate: 32_000, channels: 1, samples: 576, bytes: 288 },
    ],
    [
      [0xff, 0xfd, 0xa4, 0x04],
      { version: 1, layer: 2, sampleRate: 48_000, bitrate: 192_000, channels: 2, samples: 1152, bytes: 576 },
    ],
    [
      [0xff, 0xff, 0xe6, 0x04],
      { version: 1, layer: 1, sampleRate: 48_000, bitrate: 448_000, channels: 2, samples: 384, bytes: 452 },
    ],
  ])('reads %j', (bytes, expected) => {
    expect(parseMpegHeader(Uint8Array.from(bytes), 0)).toMatchObject(expected);
  });

  it('takes no illegal header, and no AAC', () => {
    for (const bytes of [
      [0xff, 0xfb, 0xf0, 0],
      [0xff, 0xfb, 0x9c, 0],
      [0xff, 0xeb, 0x90, 0],
      [0xff, 0xf9, 0x90, 0],
      [0xff, 0xfb],
    ]) {
      expect(parseMpegHeader(Uint8Array.from(bytes), 0)).toBeUndefined();
    }
    expect(adtsFrame(Uint8Array.of(0xff, 0xf1, 0x50, 0x80, 0x04, 0x1f, 0xfc), 0)).toEqual({
      sampleRate: 44_100,
      channels: 2,
      bytes: 32,
    });
    expect(adtsFrame(Uint8Array.of(0xff, 0xfb, 0x50, 0x80, 0x04, 0x1f, 0xfc), 0)).toBeUndefined();
  });
});

function slice(bytes: Uint8Array, offset: number, length: number): Promise<Uint8Array> {
  return Promise.resolve(bytes.slice(offset, offset + length));
}
