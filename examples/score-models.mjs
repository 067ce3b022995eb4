// Scores models on tasks: node examples/score-models.mjs results
import { join } from 'node:path';
import { defaultEvaluation, hasFailed, runBenchmark } from '@hearken/bench';
import { makeMiniTasks } from '@hearken/tasks/node';

const [out = 'results'] = process.argv.slice(2);

// Small generated tasks; replace them with HEAR's folders or archives.
const tasks = await makeMiniTasks(join(out, 'tasks'), { tasks: ['pitch'] });

/** For a model with weights: `{ model: 'efficientat:mn04_as', checkpoint: 'mn04_as_mAP_432.pt' }`. */
const models = [{ model: 'baseline:mel' }];

const rows = [];
for (const model of models) {
  // Two of the eight points of HEAR's grid, so that it takes only seconds.
  const evaluation = { ...defaultEvaluation, gridPoints: 2 };
  for (const outcome of await runBenchmark({ ...model, tasks, out, evaluation })) {
    if (hasFailed(outcome)) {
      console.error(outcome.error.message);
      process.exitCode = 1;
      continue;
    }
    const { metric, scores } = outcome.result;
    rows.push({
      task: outcome.task,
      model: outcome.model,
      metric,
      score: scores[metric].mean.toFixed(3),
      file: outcome.path,
    });
  }
}
console.table(rows);
