/** The number of elements of a tensor. */
export const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
