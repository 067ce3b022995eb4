import { OptionError } from '@hearken/core';
import type { GraphValue } from './contracts.js';

/** A value of unknown type or shape. Reading them is an error: what doesn't need them works without. */
export class UnknownValue implements GraphValue {
  /** @param why the node that computes it, and why its sizes are not known */
  constructor(
    readonly name: string,
    readonly why: string,
  ) {}

  get dataType(): never {
    throw this.#error();
  }

  get shape(): never {
    throw this.#error();
  }

  #error(): OptionError {
    return new OptionError({
      asked: `the sizes of '${this.name}'`,
      found: this.why,
      fix: 'use a model in which they follow from the shapes of its inputs, or state them in its value_info',
    });
  }
}
