import type { Evaluation } from '@hearken/results';
import type { EvaluationOptions, EvaluationInput } from '../../src/evaluation/evaluation.js';
import { evaluateTask } from '../../src/evaluation/evaluate-task.node.js';
import { sceneTask, type SceneOptions } from './made-up-task.js';

/** Quick to train on tens of rows. */
const quickGrid = {
  hidden_layers: [0, 1],
  hidden_dim: [16],
  lr: [1e-2, 3e-2],
  max_epochs: [20],
  patience: [5],
  batch_size: [32],
};

/** A scene task of three folds that no probe gets quite right. */
export function quickTask(options: SceneOptions = {}): EvaluationInput {
  return sceneTask({
    splitMode: 'presplit_kfold',
    rows: { fold00: 45, fold01: 36, fold02: 36 },
    noise: 1.5,
    evaluationParams: { task_specific_param_grid: quickGrid },
    ...options,
  });
}

export function quickEvaluation(input: EvaluationInput, options: Partial<EvaluationOptions> = {}): Promise<Evaluation> {
  return evaluateTask(input, { probe: 'mlp', grid: 'faster', gridPoints: 6, seed: 0, threads: 1, ...options });
}

/** All that is not a time. */
export function numbers(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, own: unknown) => (key === 'seconds' ? 0 : own)));
}
