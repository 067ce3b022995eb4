import { StreamFault } from '../../stream-fault.js';
import type { VorbisBits } from './bits.js';
import type { Codebook } from './codebook.js';

/** The fine structure of spectra (Vorbis I, section 8). */
export interface Residue {
  /**
   * Reads the spectra of several channels.
   *
   * @param spectra zeros, to which values are added
   * @param silent channels without values
   */
  read(reader: VorbisBits, spectra: readonly Float64Array[], silent: readonly boolean[]): void;
}

export function readResidue(reader: VorbisBits, codebooks: readonly Codebook[]): Residue {
  const damaged = () => new StreamFault('a damaged residue in the Vorbis headers');
  const book = (index: number) => {
    if (index >= codebooks.length) throw damaged();
    return codebooks[index];
  };
  const kind = reader.bits(16);
  if (kind > 2) throw damaged();
  const begin = reader.bits(24);
  const end = reader.bits(24);
  const partitionSize = reader.bits(24) + 1;
  const classCount = reader.bits(6) + 1;
  const classBook = book(reader.bits(8));
  const cascades = Array.from({ length: classCount }, () => {
    const low = reader.bits(3);
    return reader.flag() ? low | (reader.bits(5) << 3) : low;
  });
  const books = cascades.map((cascade) =>
    Array.from({ length: 8 }, (_, pass) => ((cascade >> pass) & 1 ? book(reader.bits(8)) : undefined)),
  );
  if (reader.over || end < begin || classBook.dimensions === 0) throw damaged();
  for (const passes of books) {
    for (const { dimensions } of passes.filter((each) => each !== undefined)) {
      if (dimensions === 0 || partitionSize % dimensions !== 0) throw damaged();
    }
  }
  return new PartitionedResidue(kind, begin, end, partitionSize, classBook, books);
}

class PartitionedResidue implements Residue {
  private readonly passes: number;

  constructor(
    private readonly kind: number,
    private readonly begin: number,
    private readonly end: number,
    private readonly partitionSize: number,
    private readonly classBook: Codebook,
    private readonly books: readonly (readonly (Codebook | undefined)[])[],
  ) {
    this.passes = 1 + Math.max(...books.map((each) => each.findLastIndex((book) => book !== undefined)));
  }

  read(reader: VorbisBits, spectra: readonly Float64Array[], silent: readonly boolean[]): void {
    if (silent.every(Boolean)) return;
    if (this.kind !== 2) {
      this.readVectors(
        reader,
        spectra.filter((_, index) => !silent[index]),
      );
      return;
    }
    // All channels interleaved in one vector.
    const joined = new Float64Array(spectra.length * spectra[0].length);
    this.readVectors(reader, [joined]);
    spectra.forEach((spectrum, channel) => {
      for (let index = 0; index < spectrum.length; index += 1)
        spectrum[index] = joined[index * spectra.length + channel];
    });
  }

  private readVectors(reader: VorbisBits, vectors: readonly Float64Array[]): void {
    const { partitionSize, classBook, books, passes } = this;
    const begin = Math.min(this.begin, vectors[0].length);
    const partitions = Math.floor((Math.min(this.end, vectors[0].length) - begin) / partitionSize);
    const classes = vectors.map(() => new Uint8Array(partitions + classBook.dimensions));
    for (let pass = 0; pass < passes; pass += 1) {
      for (let first = 0; first < partitions; first += classBook.dimensions) {
        if (pass === 0) {
          for (const each of classes) {
            let entry = classBook.entry(reader);
            // The packet's end is not an error: encoders leave out what is inaudible.
            if (entry < 0) return;
            for (let place = classBook.dimensions - 1; place >= 0; place -= 1) {
              each[first + place] = entry % books.length;
              entry = Math.floor(entry / books.length);
            }
          }
        }
        const last = Math.min(partitions, first + classBook.dimensions);
        for (let partition = first; partition < last; partition += 1) {
          for (let index = 0; index < vectors.length; index += 1) {
            const book = books[classes[index][partition]][pass];
            if (book === undefined) continue;
            if (!this.readPartition(reader, book, vectors[index], begin + partition * partitionSize)) return;
          }
        }
      }
    }
  }

  private readPartition(reader: VorbisBits, book: Codebook, values: Float64Array, at: number): boolean {
    const { dimensions } = book;
    const vectors = this.partitionSize / dimensions;
    // Type 0 interleaves a vector over the partition, the others keep it together.
    const [apart, step] = this.kind === 0 ? [1, vectors] : [dimensions, 1];
    for (let index = 0; index < vectors; index += 1) {
      if (!book.addVector(reader, values, at + index * apart, step)) return false;
    }
    return true;
  }
}
