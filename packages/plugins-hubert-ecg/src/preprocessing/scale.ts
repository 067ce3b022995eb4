/** Prevents a division by zero for a flat lead; the authors' value. */
export const smallest = 1e-8;

/** Scales a lead to [-1, 1] by its minimum and maximum, in place. */
export function scaleByRange(lead: Float64Array): void {
  let [minimum, maximum] = [Infinity, -Infinity];
  for (const value of lead) {
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  const range = maximum - minimum + smallest;
  for (let index = 0; index < lead.length; index += 1) lead[index] = (2 * (lead[index] - minimum)) / range - 1;
}
