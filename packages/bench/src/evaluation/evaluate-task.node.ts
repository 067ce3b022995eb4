import { WorkerLanes } from './lanes/worker-lanes.node.js';
import { createProbeSession } from '../probes/probe-session.node.js';
import { evaluateWith } from './evaluate-with.js';
import type { Evaluation } from '@hearken/results';
import type { EvaluationOptions, EvaluationInput } from './evaluation.js';

/**
 * Evaluates embeddings like heareval, on Node.js: `evaluateWith` with onnxruntime-node, and parallel trainings in
 * worker threads.
 *
 * @throws TaskError for a task that cannot be evaluated, OptionError for an unknown probe or grid, or options out of
 *   range
 */
export function evaluateTask(input: EvaluationInput, options: EvaluationOptions): Promise<Evaluation> {
  return evaluateWith(createProbeSession, input, { ...options, laneStarter: options.laneStarter ?? new WorkerLanes() });
}
