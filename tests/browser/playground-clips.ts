/** A file in the form in which Playwright passes it to a page. */
export interface PageFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const sampleRate = 16_000;

/** A sine that swells, with a little noise; `kind` sets its pitch. */
export function toneClip(kind: number, seconds = 1): PageFile {
  const samples = made(seconds, (time, random) => {
    const swell = 0.6 + 0.4 * Math.sin(2 * Math.PI * 3 * time);
    return 0.4 * swell * Math.sin(2 * Math.PI * (300 + 90 * kind) * time) + 0.004 * random;
  });
  return { name: `tone-${kind}.wav`, mimeType: 'audio/wav', buffer: wav(samples) };
}

/** Bursts of noise; `kind` sets how many a second. */
export function noiseClip(kind: number, seconds = 1): PageFile {
  const samples = made(seconds, (time, random) => ((time * (2 + (kind % 3))) % 1 < 0.35 ? 0.6 : 0.02) * random);
  return { name: `noise-${kind}.wav`, mimeType: 'audio/wav', buffer: wav(samples) };
}

/** @param value of a time in seconds and a random number in [-1, 1], the same ones each time */
function made(seconds: number, value: (time: number, random: number) => number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: seconds * sampleRate }, (_, index) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return value(index / sampleRate, state / 2 ** 31 - 1);
  });
}

/** 16-bit mono PCM. */
function wav(samples: Float32Array): Buffer {
  const file = Buffer.alloc(44 + 2 * samples.length);
  wavHeader({ bytes: 2 * samples.length, rate: sampleRate, bits: 16 }).copy(file);
  samples.forEach((sample, index) => file.writeInt16LE(Math.round(32_767 * sample), 44 + 2 * index));
  return file;
}

/** The 44 bytes before mono PCM. */
export function wavHeader({ bytes, rate, bits }: { bytes: number; rate: number; bits: 8 | 16 }): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE((rate * bits) / 8, 28);
  header.writeUInt16LE(bits / 8, 32);
  header.writeUInt16LE(bits, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  return header;
}
