/** Stochastic gradient descent as PyTorch computes it. */
export interface SgdSettings {
  /** Names the optimiser. */
  readonly kind: 'sgd';
  /** Share of the last update's direction that is kept; default: 0. */
  readonly momentum?: number;
  /** Share of a gradient that does not enter the momentum, except the first one; default: 0. */
  readonly dampening?: number;
  /** Whether the momentum looks one update ahead; default: no. */
  readonly nesterov?: boolean;
}

/**
 * Adam (Kingma and Ba 2015, arXiv 1412.6980), where weight decay is added to the gradient, and AdamW (Loshchilov and
 * Hutter 2019, arXiv 1711.05101), where it shrinks the weight by itself.
 */
export interface AdamSettings {
  /** Names the optimiser. */
  readonly kind: 'adam' | 'adamw';
  /** Decays of the means of gradients and of their squares; default: 0.9 and 0.999. */
  readonly betas?: readonly [first: number, second: number];
  /** What is added to the root of the mean square; default: 1e-8. */
  readonly epsilon?: number;
}

/** Which optimiser updates the parameters. */
export type OptimiserSettings = SgdSettings | AdamSettings;

/** What may differ between parameters. */
export interface ParameterGroup {
  /** Rate before the schedule's factor. */
  readonly learningRate: number;
  /** Weight decay; default: 0. */
  readonly weightDecay?: number;
}
