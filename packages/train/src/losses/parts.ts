import { OptionError } from '@hearken/core';
import { type GraphBuilder, multiply, type Value } from '@hearken/onnx';

// What losses consist of.

export function logSoftmax(graph: GraphBuilder, logits: Value): Value {
  return graph.node('LogSoftmax', [logits], { attributes: { axis: -1n } });
}

export function negated(graph: GraphBuilder, value: Value): Value {
  return graph.node('Neg', [value]);
}

export function scaled(graph: GraphBuilder, value: Value, factor: number): Value {
  return multiply(graph, value, graph.constant(factor));
}

/** Sum over the last axis, which is left out. */
export function rowSum(graph: GraphBuilder, value: Value): Value {
  return graph.node('ReduceSum', [value, graph.integers([-1])], { attributes: { keepdims: 0n } });
}

/** A scalar. */
export function sumOfAll(graph: GraphBuilder, value: Value): Value {
  return graph.node('ReduceSum', [value], { attributes: { keepdims: 0n } });
}

/** A scalar. */
export function meanOfAll(graph: GraphBuilder, value: Value): Value {
  return graph.node('ReduceMean', [value], { attributes: { keepdims: 0n } });
}

/** `[n, classes]`: 1 at each row's class, else 0. */
export function oneHot(graph: GraphBuilder, indices: Value, classes: number): Value {
  return graph.node('OneHot', [indices, graph.integers([classes], []), graph.constant([0, 1])], {
    attributes: { axis: -1n },
  });
}

/** Refuses a count that is no integer from 1. */
export function checkCount(loss: string, name: string, count: number): void {
  checkSetting(loss, name, count, Number.isInteger(count) && count > 0, 'an integer from 1');
}

/** Refuses a setting out of its range. */
export function checkSetting(loss: string, name: string, value: number, isValid: boolean, range: string): void {
  if (!isValid) throw new OptionError({ asked: `${name} of the ${loss}`, found: String(value), fix: `pass ${range}` });
}
