import { GraphBuilder, type Session } from '@hearken/onnx';
import type { FilterRun, PolyphaseFilter, ResampleEngine } from './resample-filter.js';
import { loopEngine } from './resample-loops.js';

/** Approximate number of output samples per row of the matrix product: enough to fill the processor's vector units. */
const rowOutputs = 128;
/** Number of weights of the largest filter that is worth expanding to a matrix: 8 MiB. */
const maximumWeights = 2 ** 21;
/** Number of input values per run, counting each row with its overlap: 16 MiB. */
const runValues = 2 ** 22;

/**
 * The filter as one strided convolution, run by the same runtime as the models: each step of `down * groups` inputs
 * gives `up * groups` outputs, one per channel. Several times faster than plain loops on Node.js. Filters that are too
 * large for a matrix run as plain loops.
 *
 * @param createSession loads a serialised graph, on one thread
 */
export function sessionEngine(createSession: (model: Uint8Array) => Promise<Session>): ResampleEngine {
  return async (filter) => {
    const { up, down, taps, lead } = filter;
    const groups = Math.max(1, Math.round(rowOutputs / up));
    const outputs = up * groups;
    const stride = down * groups;
    const width = Math.floor(((outputs - 1) * down) / up) + taps;
    if (outputs * width > maximumWeights) return loopEngine(filter);
    const session = await createSession(convolutionGraph(filter, outputs, width, stride));
    return runRows(session, { outputs, width, stride, lead });
  };
}

interface Rows {
  readonly outputs: number;
  readonly width: number;
  readonly stride: number;
  readonly lead: number;
}

function runRows(session: Session, { outputs, width, stride, lead }: Rows): FilterRun {
  const rowsPerRun = Math.max(1, Math.floor(runValues / width));
  return {
    blockOutputs: rowsPerRun * outputs,
    reach: width,
    async run({ samples, start }, first, output) {
      const rows = Math.ceil(output.length / outputs);
      const input = new Float32Array((rows - 1) * stride + width);
      const from = (first / outputs) * stride - lead - start;
      input.set(samples.subarray(Math.max(0, from), Math.max(0, from + input.length)), Math.max(0, -from));
      const { resampled } = await session.run({ signal: { data: input, shape: [1, 1, input.length] } });
      output.set((resampled.data as Float32Array).subarray(0, output.length));
    },
  };
}

function convolutionGraph(filter: PolyphaseFilter, outputs: number, width: number, stride: number): Uint8Array {
  const { up, down, taps, coefficients } = filter;
  const weights = new Float32Array(outputs * width);
  for (let output = 0; output < outputs; output += 1) {
    const phase = (output * down) % up;
    const start = Math.floor((output * down) / up);
    weights.set(coefficients.subarray(phase * taps, (phase + 1) * taps), output * width + start);
  }
  const graph = new GraphBuilder('resample');
  const signal = graph.input('signal', [1, 1, 'samples']);
  const convolved = graph.node('Conv', [signal, graph.constant(weights, [outputs, 1, width])], {
    attributes: { strides: [BigInt(stride)] },
  });
  const rows = graph.node('Transpose', [convolved], { attributes: { perm: [0n, 2n, 1n] } });
  graph.output('resampled', rows, [1, 'rows', outputs]);
  return graph.build();
}
