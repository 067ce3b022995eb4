/** A bank of triangular filters over the bins of a power spectrum: row-major `[bands, bins]`. */
export interface MelBank {
  /** Row-major `[bands, bins]`. */
  readonly weights: Float64Array;
  /** Number of filters. */
  readonly bands: number;
  /** Number of bins of the power spectrum. */
  readonly bins: number;
}

/** Settings of a mel filter bank. */
export interface MelBankOptions {
  /** Number of filters. */
  readonly bands: number;
  /** Length of the transform. */
  readonly fftSize: number;
  /** Sample rate in Hz. */
  readonly sampleRate: number;
  /** Lower edge of the first filter in Hz. */
  readonly lowFrequency: number;
  /** Upper edge of the last filter in Hz. */
  readonly highFrequency: number;
}

/** HTK's mel scale, as in Kaldi: 1127 ln(1 + f / 700). */
function hertzToMel(frequency: number): number {
  return 1127 * Math.log(1 + frequency / 700);
}

/**
 * Kaldi's mel filters (`mel-computations.cc`; `torchaudio.compliance.kaldi.get_mel_banks`): triangles that are linear
 * in mel, have height 1, and have equally spaced edges in mel. The Nyquist bin has no weight.
 */
export function kaldiMelBank(options: MelBankOptions): MelBank {
  const { bands, fftSize, sampleRate } = options;
  const bins = fftSize / 2 + 1;
  const low = hertzToMel(options.lowFrequency);
  const step = (hertzToMel(options.highFrequency) - low) / (bands + 1);
  const weights = new Float64Array(bands * bins);
  for (let bin = 0; bin < bins - 1; bin += 1) {
    // In filter spacings above the first edge: filter b rises over [b, b + 1] and falls over [b + 1, b + 2].
    const position = (hertzToMel((bin * sampleRate) / fftSize) - low) / step;
    for (let band = 0; band < bands; band += 1) {
      weights[band * bins + bin] = Math.max(0, Math.min(position - band, band + 2 - position));
    }
  }
  return { weights, bands, bins };
}
