import { createNodeSession } from '@hearken/onnx';
import { it } from 'vitest';
import { Random } from '../../src/files/random.js';
import { createProbe } from '../../src/probes/registry.js';
import { meanLoss } from '../../src/evaluation/loss.js';
import { rowsOf } from './rows-of.js';

const [n, d, K] = (process.env.SIZE ?? '10000,768,50').split(',').map(Number);
const type = (process.env.TYPE ?? 'multilabel') as 'multilabel' | 'multiclass';
function make(count: number, random: Random, basis: Float32Array[], centres: Float32Array[]) {
  const x = new Float32Array(count * d);
  const y = new Uint8Array(count * K);
  for (let r = 0; r < count; r++) {
    const row = x.subarray(r * d, (r + 1) * d);
    const held = type === 'multilabel' ? centres.map((_, k) => k).filter((k) => random.uniform() < 0.02 + 0.2 * k / K) : [r % K];
    const h = new Float32Array(64);
    for (const k of held) { y[r * K + k] = 1; for (let j = 0; j < 64; j++) h[j] += centres[k][j] * Number(process.env.SIGNAL ?? 0.7); }
    for (let j = 0; j < 64; j++) { const c = (h[j] + random.normal()) / Math.sqrt(1 + j); const b = basis[j]; for (let i = 0; i < d; i++) row[i] += c * b[i]; }
    for (let i = 0; i < d; i++) row[i] = row[i] + 0.03 * random.normal() + 0.5;
  }
  return rowsOf(x, y, count);
}
it('speed', async () => {
  const random = new Random(1);
  const basis = Array.from({ length: 64 }, () => Float32Array.from({ length: d }, () => random.normal()));
  const centres = Array.from({ length: K }, () => Float32Array.from({ length: 64 }, () => random.normal()));
  const train = make(n, random, basis, centres);
  const valid = make(1000, random, basis, centres);
  const probe = await createProbe(process.env.PROBE ?? 'linear', { createSession: (m) => createNodeSession(m, {}), predictionType: type }, { pca: process.env.PCA ? Number(process.env.PCA) : undefined });
  const start = performance.now(); const cpu = process.cpuUsage();
  let last = start;
  const t = await probe.train(train, valid, { maximize: false, score: (p) => ({ score: meanLoss(p.logits, valid.targets(), K, type), decision: null }) }, probe.configurations('default', { taskName: 'x', evaluationParams: {} }, 1, random)[0], { seed: 1, onEpoch: (e, m) => { if (process.env.V) console.log(e, m, performance.now() - last); last = performance.now(); } });
  const used = process.cpuUsage(cpu);
  console.log('seconds', (performance.now() - start) / 1000, 'cpu', (used.user + used.system) / 1e6, 'score', t.validationScore, t.epoch, t.epochsTrained, JSON.stringify(t.details));
  await probe.dispose();
}, 600000);
