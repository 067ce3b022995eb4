import type { GraphBuilder, Value } from '../graph/graph-builder.js';
import { add, convolution, matmul, multiply, reshape, transpose } from '../graph/layers.js';
import type { MelBank } from './mel-bank.js';

/** Settings of a power spectrum with a filter bank. */
export interface SpectrumOptions {
  /** Transform length N; even. It is fast if it shares a factor near sqrt(N) with the hop. */
  readonly fftSize: number;
  /** Samples from one frame to the next. */
  readonly hop: number;
  /** N window values, zeros included. */
  readonly window: Float64Array;
  /** Filters to apply to the power spectrum. */
  readonly bank: MelBank;
}

/**
 * Power spectrum of overlapping frames, filtered by a bank, as nodes of the graph.
 *
 * The discrete Fourier transform is split in two stages (Cooley and Tukey 1965, one step of it): with N = R C, sample
 * n = C a + b and bin k = k1 + R k2,
 *
 *     X[k] = sum_b e^(-2 pi i b k / N)  sum_a w[n] x[n] e^(-2 pi i a k1 / R)
 *
 * C divides the hop, so the inner sum, window included, is one depthwise convolution over the signal in rows of C
 * samples, and the outer one a small matrix product for each k1. The input is real, so k1 up to R / 2 is enough: the
 * other bins are the mirror images that k2 reaches anyway. That is an eighth of the arithmetic of a direct transform,
 * all of it in the runtime's fastest kernels.
 *
 * @param signal `[n, samples]`, already padded
 * @returns `[n, bands, frames]`, frames = floor((samples - N) / hop) + 1
 */
export function filteredPowerSpectrum(graph: GraphBuilder, signal: Value, options: SpectrumOptions): Value {
  const plan = planTransform(options);
  const { columns, rows, firstRow, rowCount, residues, selected } = plan;

  // Rows where the window is zero are never read; cutting them at both ends keeps the number of frames.
  const wholeRows = cutToRows(graph, signal, columns, firstRow, rows - firstRow - rowCount);
  const byColumn = transpose(graph, reshape(graph, wholeRows, [0, -1, columns]), [0, 2, 1]);
  const inner = convolution(
    graph,
    byColumn,
    graph.constant(innerWeights(plan, options), [columns * residues * 2, 1, rowCount]),
    [rowCount],
    { stride: [options.hop / columns], groups: columns },
  );
  const byResidue = reshape(
    graph,
    transpose(graph, reshape(graph, inner, [0, columns, residues, 2, -1]), [0, 2, 1, 3, 4]),
    [0, residues, columns * 2, -1],
  );
  const outer = matmul(
    graph,
    graph.constant(outerWeights(plan, options.fftSize), [residues, selected.length * 2, columns * 2]),
    byResidue,
  );
  const [real, imaginary] = graph.nodes('Split', [outer], 2, { attributes: { axis: 2n, num_outputs: 2n } });
  const power = add(graph, multiply(graph, real, real), multiply(graph, imaginary, imaginary));
  return matmul(
    graph,
    graph.constant(permutedBank(plan, options), [options.bank.bands, residues * selected.length]),
    reshape(graph, power, [0, residues * selected.length, -1]),
  );
}

interface TransformPlan {
  /** C: samples per row. */
  readonly columns: number;
  /** R: rows per frame. */
  readonly rows: number;
  /** Rows that the window covers. */
  readonly firstRow: number;
  readonly rowCount: number;
  /** How many k1 are computed: R / 2 + 1. */
  readonly residues: number;
  /** The values of k2 that any filter needs. */
  readonly selected: readonly number[];
  /** Bin of (k1, k2), folded into 0 .. N/2. */
  readonly bin: (residue: number, k2: number) => number;
}

function planTransform({ fftSize, hop, window, bank }: SpectrumOptions): TransformPlan {
  const columns = columnCount(fftSize, hop);
  const rows = fftSize / columns;
  const rowOf = (sample: number) => Math.floor(sample / columns);
  const firstRow = rowOf(window.findIndex((value) => value !== 0));
  const rowCount = rowOf(window.findLastIndex((value) => value !== 0)) + 1 - firstRow;
  const residues = rows / 2 + 1;
  const bin = (residue: number, k2: number) => {
    const k = residue + rows * k2;
    return k <= fftSize / 2 ? k : fftSize - k;
  };
  const needed = usedBins(bank);
  const selected = Array.from({ length: columns }, (_, k2) => k2).filter((k2) =>
    Array.from({ length: residues }, (_, residue) => bin(residue, k2)).some((k) => needed.has(k)),
  );
  return { columns, rows, firstRow, rowCount, residues, selected, bin };
}

/** C: the first divisor of both N and the hop from sqrt(N) on, so that both stages are small; else the largest one. */
function columnCount(fftSize: number, hop: number): number {
  let chosen = 1;
  for (let columns = 1; columns < fftSize; columns += 1) {
    // An even number of rows: the mirror images then meet in whole rows.
    if (hop % columns !== 0 || fftSize % (2 * columns) !== 0) continue;
    chosen = columns;
    if (columns * columns >= fftSize) break;
  }
  return chosen;
}

function usedBins({ weights, bands, bins }: MelBank): Set<number> {
  const used = new Set<number>();
  for (let band = 0; band < bands; band += 1) {
    for (let bin = 0; bin < bins; bin += 1) if (weights[band * bins + bin] !== 0) used.add(bin);
  }
  return used;
}

/** `[C, k1, (real, imaginary), a]`: the window times the inner exponential. */
function innerWeights(plan: TransformPlan, { window }: SpectrumOptions): Float32Array {
  const { columns, rows, firstRow, rowCount, residues } = plan;
  const weights = new Float32Array(columns * residues * 2 * rowCount);
  let index = 0;
  for (let column = 0; column < columns; column += 1) {
    for (let residue = 0; residue < residues; residue += 1) {
      for (const part of [Math.cos, Math.sin]) {
        for (let row = firstRow; row < firstRow + rowCount; row += 1) {
          const angle = (-2 * Math.PI * ((row * residue) % rows)) / rows;
          weights[index++] = window[columns * row + column] * part(angle);
        }
      }
    }
  }
  return weights;
}

/** `[k1, (real, imaginary) x k2, b x (real, imaginary)]`: the outer exponential as a real matrix. */
function outerWeights({ columns, rows, residues, selected }: TransformPlan, fftSize: number): Float32Array {
  const weights = new Float32Array(residues * selected.length * 2 * columns * 2);
  let index = 0;
  for (let residue = 0; residue < residues; residue += 1) {
    for (const part of ['real', 'imaginary']) {
      for (const k2 of selected) {
        for (let column = 0; column < columns; column += 1) {
          const angle = (-2 * Math.PI * ((column * (residue + rows * k2)) % fftSize)) / fftSize;
          weights[index++] = part === 'real' ? Math.cos(angle) : Math.sin(angle);
          weights[index++] = part === 'real' ? -Math.sin(angle) : Math.cos(angle);
        }
      }
    }
  }
  return weights;
}

/** The bank with its bins in the order of the transform's output; a bin that occurs twice counts once. */
function permutedBank({ residues, selected, bin }: TransformPlan, { bank }: SpectrumOptions): Float32Array {
  const size = residues * selected.length;
  const weights = new Float32Array(bank.bands * size);
  const seen = new Set<number>();
  for (let residue = 0; residue < residues; residue += 1) {
    selected.forEach((k2, position) => {
      const k = bin(residue, k2);
      if (seen.has(k)) return;
      seen.add(k);
      for (let band = 0; band < bank.bands; band += 1) {
        weights[band * size + residue * selected.length + position] = bank.weights[band * bank.bins + k];
      }
    });
  }
  return weights;
}

/** Cuts `[n, samples]` to whole rows of `columns`, less some rows at both ends, when the graph runs. */
function cutToRows(graph: GraphBuilder, signal: Value, columns: number, dropFirst: number, dropLast: number): Value {
  const length = graph.node('Shape', [signal], { attributes: { start: 1n, end: 2n } });
  const whole = graph.node('Sub', [graph.node('Div', [length, graph.integers([columns])]), graph.integers([dropLast])]);
  const end = graph.node('Mul', [whole, graph.integers([columns])]);
  return graph.node('Slice', [signal, graph.integers([dropFirst * columns]), end, graph.integers([1])]);
}
