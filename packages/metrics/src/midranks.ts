/**
 * Each score as its rank among those of its label, from 1 for the lowest; equal ones get their mean rank. This is the
 * same scale for all models, and makes no difference to ranking metrics.
 *
 * @param predictions `[count, labels]`
 */
export function midranks(predictions: Float32Array | Float64Array, labels: number): Float64Array {
  const count = predictions.length / labels;
  const ranks = new Float64Array(predictions.length);
  const order = new Uint32Array(count);
  for (let label = 0; label < labels; label += 1) {
    const value = (answer: number) => predictions[answer * labels + label];
    for (let answer = 0; answer < count; answer += 1) order[answer] = answer;
    order.sort((left, right) => value(left) - value(right));
    for (let first = 0; first < count;) {
      let end = first + 1;
      while (end < count && value(order[end]) === value(order[first])) end += 1;
      for (let place = first; place < end; place += 1) ranks[order[place] * labels + label] = (first + 1 + end) / 2;
      first = end;
    }
  }
  return ranks;
}
