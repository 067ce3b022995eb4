/** Types for the part of ml-logistic-regression that is used here; the package has none. */
declare module 'ml-logistic-regression' {
  import type { Matrix } from 'ml-matrix';

  export default class LogisticRegression {
    constructor(options: { readonly numSteps: number; readonly learningRate: number });
    /** One classifier per class; it returns the probability of the other classes. */
    readonly classifiers: readonly { readonly weights: Matrix }[];
    /** @param classes a column of class numbers, from 0 without gaps */
    train(features: Matrix, classes: Matrix): void;
  }
}
