import type { DifferentiateOptions, TrainingGraph } from './differentiate-options.js';
import { Backward } from './graph/backward.js';
import { Forward } from './graph/forward.js';
import { foldBatchNorms } from './graph/fold-batch-norms.js';
import { readModel } from './graph/read-graph.js';
import { checkScalar, findPaths } from './graph/paths.js';
import { differentiableOperators, operators } from './operators/registry.js';

/**
 * Adds to a model the nodes that compute the gradients of a loss (reverse-mode differentiation). The result is an
 * ordinary ONNX model that any session of ONNX Runtime runs: a training step is one call of it.
 *
 * Only what leads from a trained parameter to the loss is rewritten; everything else stays as it is.
 *
 * @param model serialised ONNX model, with its weights inside or in external files
 * @throws OptionError for an unknown output, parameter or dimension, and for an operator without gradient between a
 *   parameter and the loss, naming its node; CheckpointError for bytes that are not an ONNX model
 */
export function differentiate(model: Uint8Array, options: DifferentiateOptions): TrainingGraph {
  const source = readModel(model);
  foldBatchNorms(source.graph, options);
  const paths = findPaths(source.graph, options);
  const forward = new Forward(source, paths, options, operators, differentiableOperators);
  const { writer, values, steps } = forward.write();
  const loss = checkScalar(values.get(options.loss), options.loss);
  const backward = new Backward(writer, steps, paths.parameters);
  const gradients = backward.write(loss);
  const outputs = [...new Set([options.loss, ...(options.outputs ?? [])])].filter((name) => values.has(name));
  for (const name of outputs) writer.output(name, values.get(name)!);
  const parameters = [...paths.parameters].flatMap((name) => {
    const gradient = gradients.get(name);
    if (gradient === undefined) return [];
    writer.output(`grad/${name}`, gradient);
    return [{ name, shape: gradient.shape, gradient: `grad/${name}` }];
  });
  for (const { name, value } of forward.updatedStatistics) writer.output(`updated/${name}`, value);
  return {
    model: writer.build(source.graph.name || 'training', source),
    peakBytes: writer.peakBytes,
    loss: options.loss,
    outputs,
    parameters,
    withoutGradient: options.parameters.filter((name) => !gradients.has(name)),
    statistics: forward.updatedStatistics.map(({ name, value: { shape } }) => ({
      name,
      shape,
      updated: `updated/${name}`,
    })),
  };
}
