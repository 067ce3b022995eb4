/**
 * The seed of one training, and of the draw of its training clips: `1000 seed + split`, see `docs/design/seeds.md`.
 *
 * @param seed of the run, or of one of its repetitions
 * @param split number of the fold, from 0
 */
export function trainingSeed(seed: number, split: number): number {
  return seed * 1000 + split;
}

/**
 * A seeded generator of random numbers, the same on every machine: xoshiro128** (Blackman and Vigna 2021,
 * "Scrambled linear pseudorandom number generators"), its state filled by SplitMix32. Not for secrets.
 */
export class Random {
  readonly #state = new Uint32Array(4);
  #spareNormal: number | undefined;

  /** @param seed a whole number; its low 53 bits count */
  constructor(seed: number) {
    let mixed = (seed ^ Math.imul(Math.floor(seed / 2 ** 32), 0x9e3779b9)) >>> 0;
    for (let index = 0; index < 4; index += 1) {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let word = mixed;
      word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
      word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
      this.#state[index] = word ^ (word >>> 16);
    }
    // The all-zero state would never change.
    if (this.#state.every((word) => word === 0)) this.#state[0] = 1;
  }

  /** 32 random bits as an unsigned number. */
  bits(): number {
    const state = this.#state;
    const product = Math.imul(state[1], 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = (state[3] << 11) | (state[3] >>> 21);
    return result;
  }

  /** Uniform over [low, high), in steps of 2^-32 of the range. */
  uniform(low = 0, high = 1): number {
    return low + ((high - low) * this.bits()) / 2 ** 32;
  }

  /** A whole number from 0 to `count - 1`, all equally likely; `count` is at most 2^32. */
  integer(count: number): number {
    // Values in the last, incomplete range of `count` are drawn again; otherwise low numbers would be too frequent.
    const limit = 2 ** 32 - (2 ** 32 % count);
    let value = this.bits();
    while (value >= limit) value = this.bits();
    return value % count;
  }

  /** Normal with mean 0 and standard deviation 1, by Marsaglia's polar method (1964). */
  normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const left = this.uniform(-1, 1);
      const right = this.uniform(-1, 1);
      const square = left * left + right * right;
      if (square > 0 && square < 1) {
        const scale = Math.sqrt((-2 * Math.log(square)) / square);
        this.#spareNormal = right * scale;
        return left * scale;
      }
    }
  }

  /** One of `items`. */
  choice<Item>(items: readonly Item[]): Item {
    return items[this.integer(items.length)];
  }

  /** A shuffled copy (Fisher and Yates). */
  shuffle<Item>(items: readonly Item[]): Item[] {
    const shuffled = [...items];
    for (let index = shuffled.length - 1; index > 0; index -= 1) {
      const other = this.integer(index + 1);
      [shuffled[index], shuffled[other]] = [shuffled[other], shuffled[index]];
    }
    return shuffled;
  }
}
