import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { evaluateTask } from '../../src/evaluation/evaluate-task.js';
import { eventTask, sceneTask } from './made-up-task.js';
it('baseline', async () => {
  const out = [];
  for (const input of [
    sceneTask({ noise: 1.5 }),
    sceneTask({ noise: 1.5, predictionType: 'multilabel', evaluation: ['mAP'], splitMode: 'presplit_kfold', rows: { fold00: 50, fold01: 40, fold02: 40 } }),
    eventTask({ noise: 0.6 }),
  ]) {
    const e = await evaluateTask(input, { probe: 'mlp', grid: 'faster', gridPoints: 3, seed: 4, threads: 1 });
    out.push({ ...e, seconds: 0, gridPoints: e.gridPoints.map((g) => ({ ...g, seconds: 0 })), folds: e.folds.map((f) => ({ ...f, seconds: 0, predictions: [...f.predictions].slice(0, 40) })) });
  }
  writeFileSync(process.env.BASELINE!, JSON.stringify(out, null, 1));
});
