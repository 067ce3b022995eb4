/**
 * The part of Python's `random.Random` that heareval uses, so that rows are in the order in which it writes them: the
 * Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), seeded by `init_by_array` as in CPython.
 */
export class PythonRandom {
  readonly #state = new Uint32Array(624);
  #next = 624;

  /** @param seed a whole number from 0 to 2^32 - 1 */
  constructor(seed: number) {
    const state = this.#state;
    state[0] = 19_650_218;
    for (let index = 1; index < 624; index += 1) {
      state[index] = Math.imul(1_812_433_253, state[index - 1] ^ (state[index - 1] >>> 30)) + index;
    }
    let index = 1;
    const step = (factor: number, summand: number) => {
      const mixed = Math.imul(state[index - 1] ^ (state[index - 1] >>> 30), factor);
      state[index] = (state[index] ^ mixed) + summand;
      index += 1;
      if (index < 624) return;
      state[0] = state[623];
      index = 1;
    };
    for (let round = 0; round < 624; round += 1) step(1_664_525, seed);
    for (let round = 0; round < 623; round += 1) step(1_566_083_941, -index);
    state[0] = 0x80000000;
  }

  /** Shuffles in place, like `Random.shuffle`. */
  shuffle<Item>(items: Item[]): void {
    for (let index = items.length - 1; index > 0; index -= 1) {
      const other = this.#below(index + 1);
      [items[index], items[other]] = [items[other], items[index]];
    }
  }

  #below(count: number): number {
    const shift = Math.clz32(count);
    let value = this.#bits() >>> shift;
    while (value >= count) value = this.#bits() >>> shift;
    return value;
  }

  #bits(): number {
    if (this.#next >= 624) this.#twist();
    let word = this.#state[this.#next];
    this.#next += 1;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let index = 0; index < 624; index += 1) {
      const word = (state[index] & 0x80000000) | (state[(index + 1) % 624] & 0x7fffffff);
      state[index] = state[(index + 397) % 624] ^ (word >>> 1) ^ (word & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}
