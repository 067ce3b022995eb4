// LoRA adapters of HeAR in PEFT's layout, and merged into its weights.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AdapterMatrices,
  mergeAdapter,
  readAdapter,
  rewriteCheckpoint,
  savedFile,
  writeAdapter,
} from '@hearken/onnx';
import { openModelFiles } from '@hearken/onnx/node';
import { expect, it } from 'vitest';
import { expectLogits, expectSameTensors, rangeFrom, saveInto, valuesOf } from '../../../tests/support/finetuned.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';
import { describeTrainingFixtures, readJson, readTensors, rowsOf } from '../../../tests/support/training-fixtures.js';
import { hearTrainingGraph } from '../src/training-graph.js';

interface Case {
  readonly data: string;
  readonly checkpoint: string;
  readonly adapter: string;
  readonly classes: number;
  readonly trainClips: number;
  readonly evaluationClips: number;
  readonly rank: number;
  readonly alpha: number;
  readonly adapterModules: readonly string[];
  readonly runs: {
    readonly lora: {
      readonly final: string;
      readonly merged: string;
      readonly evaluationLogits: readonly (readonly number[])[];
    };
  };
}

/** Over the movement of a weight: rounding to float32, of weights that are larger than it. */
const mergedLimit = 1e-6;

const newFolder = temporaryFolders();

describeTrainingFixtures('hear', 'adapters of HeAR', (folder) => {
  const fixture = readJson<Case>(join(folder, 'case.json'));
  const { rank, alpha, adapterModules, classes, runs } = fixture;
  const final = readTensors(join(folder, runs.lora.final));

  it('are written as PEFT writes them', async () => {
    const modules = adapterModules.map((module): [string, AdapterMatrices] => [
      module,
      { down: final.get(`${module}.lora_A.weight`)!, up: final.get(`${module}.lora_B.weight`)! },
    ]);
    const files = await Promise.all(writeAdapter({ rank, alpha, modules: new Map(modules) }).map(savedFile));
    const written = await openModelFiles(await saveInto(await newFolder(), files));
    const expected = await openModelFiles(join(folder, fixture.adapter));
    await expectSameTensors(written, expected);
    const [config, other] = await Promise.all([written, expected].map((one) => one.readJson('adapter_config.json')));
    const { target_modules: targets, ...settings } = other!.values;
    expect(config!.values).toMatchObject(settings);
    const ends = (config!.values.target_modules as string[]).map((name) => name.replace(/^.*\./, ''));
    expect([...new Set(ends)].sort()).toEqual([...(targets as string[])].sort());
  });

  it('give the merged weights and their logits', async () => {
    const base = await openModelFiles(join(folder, fixture.checkpoint));
    const merged = await mergeAdapter(base, await readAdapter(await openModelFiles(join(folder, fixture.adapter))));
    const expected = readTensors(join(folder, runs.lora.merged));
    for (const [name, { data }] of merged) {
      const before = await valuesOf(base, name);
      const { data: after } = expected.get(name)!;
      const movement = after.reduce((largest, value, index) => Math.max(largest, Math.abs(value - before[index])), 0);
      const distance = after.reduce((largest, value, index) => Math.max(largest, Math.abs(value - data[index])), 0);
      expect([name, distance / movement]).toEqual([name, expect.closeTo(0, -Math.log10(2 * mergedLimit))]);
    }
    expect(merged.size).toBe(adapterModules.length);

    const again = join(await newFolder(), 'merged');
    await mkdir(again);
    const config = { name: 'config.json', parts: [new TextEncoder().encode(JSON.stringify(base.config!.values))] };
    const [weights] = await rewriteCheckpoint(base, { tensors: merged });
    const files = await openModelFiles(await saveInto(again, [await savedFile(weights), config]));
    const melPcen = readTensors(join(folder, fixture.data)).get('melPcen')!;
    const rows = rowsOf(melPcen, rangeFrom(fixture.trainClips, fixture.evaluationClips));
    const [count, , frames, bands] = rows.shape;
    const inputs = {
      image: { data: rows.data, shape: [count, frames, bands] },
      'head.weight': final.get('head.weight')!,
      'head.bias': final.get('head.bias')!,
    };
    await expectLogits(hearTrainingGraph(files, { classes }), files, inputs, runs.lora.evaluationLogits, 1e-5);
  });
});
