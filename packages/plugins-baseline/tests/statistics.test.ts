import { createNodeSession, GraphBuilder } from '@hearken/onnx/node';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { statisticsCount, statisticsOverTime } from '../src/statistics.js';
import { disagreement, statistics } from './reference.js';

let session: Awaited<ReturnType<typeof createNodeSession>>;

beforeAll(async () => {
  const graph = new GraphBuilder('statistics');
  const values = graph.input('values', ['n', 'bands', 'frames']);
  graph.output('statistics', statisticsOverTime(graph, values), ['n', 'bands', statisticsCount]);
  session = await createNodeSession(graph.build(), { threads: 1 });
});
afterAll(() => session.dispose());

async function run(rows: number[][]): Promise<Float32Array> {
  const values = { data: Float32Array.from(rows.flat()), shape: [1, rows.length, rows[0].length] };
  const outputs = await session.run({ values });
  expect(outputs.statistics.shape).toEqual([1, rows.length, statisticsCount]);
  return outputs.statistics.data as Float32Array;
}

it('are mean, deviation and percentiles, row by row', async () => {
  const ascending = Array.from({ length: 11 }, (_, index) => index);
  expect([...(await run([ascending, ascending.toReversed()]))].map((value) => Number(value.toFixed(4)))).toEqual([
    5, 3.1623, 1, 5, 9, 5, 3.1623, 1, 5, 9,
  ]);
});

it('of a single frame are that frame, without deviation', async () => {
  expect([...(await run([[-3], [7]]))]).toEqual([-3, 0, -3, -3, -3, 7, 0, 7, 7, 7]);
});

it('agree with the formulas for any values', async () => {
  const row = (frames: number) =>
    fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: frames, maxLength: frames });
  const table = fc
    .integer({ min: 1, max: 40 })
    .chain((frames) => fc.array(row(frames), { minLength: 1, maxLength: 4 }));
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      expect(disagreement(await run(rows), rows.flatMap(statistics))).toBeLessThanOrEqual(1);
    }),
  );
});
