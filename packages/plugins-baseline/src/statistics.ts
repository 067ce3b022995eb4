import { add, concat, divide, type GraphBuilder, mean, multiply, subtract, type Value } from '@hearken/onnx';

const percentiles = [10, 50, 90];

/** Mean, standard deviation, and one value per percentile. */
export const statisticsCount = 2 + percentiles.length;

/**
 * Statistics over time: mean, standard deviation (over the count, not the count less one), 10th, 50th and 90th
 * percentile (the nearest rank: the sorted value at index round(p / 100 (frames - 1)), a half rounded up).
 *
 * Time is summarised, so signals of any length give embeddings of the same size.
 *
 * @param values `[n, bands, frames]`
 * @returns `[n, bands, statisticsCount]`
 */
export function statisticsOverTime(graph: GraphBuilder, values: Value): Value {
  const time = [2];
  const average = mean(graph, values, time, true);
  // From the differences: the mean of squares less the square of the mean would cancel in float32.
  const difference = subtract(graph, values, average);
  const deviation = graph.node('Sqrt', [mean(graph, multiply(graph, difference, difference), time, true)]);
  return concat(graph, [average, deviation, percentilesOverTime(graph, values)], 2);
}

function percentilesOverTime(graph: GraphBuilder, values: Value): Value {
  // The number of frames is only known when the graph runs, so the graph computes the ranks, in integers.
  const frames = graph.node('Shape', [values], { attributes: { start: 2n, end: 3n } });
  const lastIndex = subtract(graph, frames, graph.integers([1]));
  const hundredths = multiply(graph, lastIndex, graph.integers(percentiles));
  const ranks = divide(graph, add(graph, hundredths, graph.integers([50])), graph.integers([100]));
  // ONNX has no sort; the smallest `frames` of `frames` values, in order, are equivalent.
  const ascending = { axis: 2n, largest: 0n, sorted: 1n };
  const [sorted] = graph.nodes('TopK', [values, frames], 2, { attributes: ascending });
  return graph.node('Gather', [sorted, ranks], { attributes: { axis: 2n } });
}
