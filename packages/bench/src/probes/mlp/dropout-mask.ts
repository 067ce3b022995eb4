import type { Random } from '@hearken/metrics';

const resolution = 2 ** 16;
/** Maximum length of a run of kept values; longer ones are drawn in pieces. */
const longest = 2 ** 8 - 1;

/**
 * Draws dropout masks: independently for each value, 0 with probability `dropout`, else 1 / (1 - dropout), so that
 * evaluation needs no mask (Srivastava et al. 2014, the inverted form).
 *
 * The lengths of runs of kept values between two dropped ones are drawn. They are geometric, so a tenth of the draws is
 * enough at dropout 0.1; a table turns 16 random bits into a length. The rate is accurate to about 1e-5.
 */
export class DropoutMasks {
  readonly #runLengths = new Uint8Array(resolution);

  constructor(readonly dropout: number) {
    // The share of runs shorter than or as long as k is 1 - (1 - dropout)^(k + 1).
    for (let draw = 0; draw < resolution; draw += 1) {
      const share = (draw + 0.5) / resolution;
      const length = Math.floor(Math.log(1 - share) / Math.log(1 - dropout));
      this.#runLengths[draw] = Math.min(length, longest);
    }
  }

  fill(mask: Float32Array, random: Random): void {
    const lengths = this.#runLengths;
    mask.fill(1 / (1 - this.dropout));
    let position = 0;
    while (position < mask.length) {
      let bits = random.bits();
      for (let half = 0; half < 2; half += 1) {
        const length = lengths[bits & 0xffff];
        position += length;
        // The longest entry means at least that many kept values: the rest is drawn separately.
        if (length < longest && position < mask.length) mask[position++] = 0;
        bits >>>= 16;
      }
    }
  }
}
