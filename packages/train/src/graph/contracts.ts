import type { DataType } from '@hearken/onnx';
import type { TensorProto } from '@hearken/onnx/internal';

/** Type and sizes of a tensor. */
export interface ValueType {
  /** Type of its elements. */
  readonly dataType: DataType;
  /** Sizes of its dimensions; empty for a scalar. A training step has a fixed batch, so all of them are numbers. */
  readonly shape: readonly number[];
}

/** A tensor of a graph. */
export interface GraphValue extends ValueType {
  /** Its name in the graph. */
  readonly name: string;
  /** Its elements, row by row, if they are few and known before the graph runs: shapes, axes, bounds, exponents. */
  readonly elements?: readonly number[];
}

/** An attribute: INT and INTS are `bigint`, FLOAT and FLOATS `number`. */
export type AttributeValue = bigint | number | string | readonly bigint[] | readonly number[] | TensorProto;

/** The attributes of a node. */
export type AttributeValues = Readonly<Record<string, AttributeValue>>;

/** A node with inputs whose types and sizes are known. */
export interface OperatorNode {
  /** Its name, for errors. */
  readonly name: string;
  /** Its operator, such as `Gemm` or `com.microsoft.FastGelu`. */
  readonly type: string;
  /** Absent optional inputs are `undefined`. */
  readonly inputs: readonly (GraphValue | undefined)[];
  /** Its attributes. */
  readonly attributes: AttributeValues;
  /** Number of its outputs, including unused ones in front of used ones. */
  readonly outputCount: number;
}

/** Settings of a node that is added to a graph. */
export interface AddOptions {
  /** The node's attributes. */
  readonly attributes?: AttributeValues;
  /** Names of its outputs; default: generated. An empty name is an output that is not used. */
  readonly names?: readonly string[];
  /** The node's name; default: generated. */
  readonly name?: string;
}

/** Adds nodes to a graph. Types and sizes of what they compute are known at once. */
export interface Emitter {
  /** Adds a node with one output. */
  add(type: string, inputs: readonly (GraphValue | undefined)[], options?: AddOptions): GraphValue;
  /** Adds a node with several outputs. */
  addAll(
    type: string,
    inputs: readonly (GraphValue | undefined)[],
    outputCount: number,
    options?: AddOptions,
  ): GraphValue[];
  /** An int64 constant. */
  integers(values: readonly number[], shape?: readonly number[]): GraphValue;
  /** A float32 constant; a number is a scalar. */
  constant(values: number | readonly number[], shape?: readonly number[]): GraphValue;
}

/** A node's forward form, and what adds its backward form later. */
export interface TrainingForm {
  /** As many as the node has; `undefined` for one that a training form doesn't have. */
  readonly outputs: readonly (GraphValue | undefined)[];
  /**
   * Adds the nodes that compute the gradients of the node's inputs.
   *
   * @param gradients of the loss with respect to each output; `undefined` for an output that the loss doesn't depend on
   * @param wanted whether each input's gradient is needed
   * @returns one for each input; `undefined` where it isn't wanted, or zero
   */
  backward(
    gradients: readonly (GraphValue | undefined)[],
    wanted: readonly boolean[],
  ): readonly (GraphValue | undefined)[];
}

/** What may be chosen for training forms. */
export interface TrainingSettings {
  /** Whether shares of attention are computed again for the gradient, instead of kept; default: where they are large. */
  readonly recomputeAttention?: boolean;
}

/** What the differentiator knows of an operator. */
export interface Operator {
  /** Its name; operators outside the ONNX standard have their domain in front, such as `com.microsoft.FastGelu`. */
  readonly type: string;
  /** Types and sizes of the outputs. */
  readonly infer: (node: OperatorNode) => readonly ValueType[];
  /** The elements of its output, if they are few and follow from known ones: for shapes that are computed in graphs. */
  readonly fold?: (node: OperatorNode) => readonly number[] | undefined;
  /**
   * Adds the node in a form that has a gradient: the node itself, or others with the same result. Absent for operators
   * that have no gradient.
   */
  readonly train?: (graph: Emitter, node: OperatorNode, settings: TrainingSettings) => TrainingForm;
}
