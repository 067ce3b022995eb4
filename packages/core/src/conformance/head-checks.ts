import type { ClassificationHead, HeadCrops, SceneLogits } from '../classification-head.js';
import type { Embedder } from '../embedder.js';
import type { SignalBatch } from '../signals.js';
import { sliceBatch } from '../signals.js';
import {
  apart,
  broken,
  clipSamples,
  type ConformanceCheck,
  type ConformanceContext,
  distance,
  type Embedded,
  embeddingRow,
  expectRefusal,
  expectValues,
  testBatch,
} from './check.js';

const seconds = 1;
const seeds = [0, 1, 2];

/** What a head must keep to; an embedder without one passes. */
export const headChecks: readonly ConformanceCheck[] = [
  {
    name: 'a head has a kind, a size, and names that are all different',
    why: 'labels are found by name, and two labels of one name would be scored as one',
    async run(context) {
      const { head } = await context.embedder();
      if (head === undefined) return;
      const { labels, size, kind } = head as { [Field in keyof ClassificationHead]: unknown };
      if (!Number.isSafeInteger(size) || Number(size) < 1) {
        throw broken('head.size, the number of labels', String(size), 'count the rows of the last layer');
      }
      if (kind !== 'multiclass' && kind !== 'multilabel') {
        throw broken("head.kind 'multiclass' or 'multilabel'", `'${String(kind)}'`, 'say what the logits mean');
      }
      if (labels === undefined) return;
      const problem = labelsProblem(labels, Number(size));
      if (problem === undefined) return;
      throw broken(`head.labels, ${String(size)} different names`, problem, 'leave labels out if there are no names');
    },
  },
  {
    name: 'logits of a head are finite float32 of the declared shape',
    why: 'a single NaN or extra value ruins every score of the task',
    async run(context) {
      const { embedder, signals } = await prepare(context);
      for (const [what, logits] of await allLogits(embedder, signals)) {
        const size = embedder.head!.size;
        const timestamps = 'timestampCount' in logits ? [Number(logits.timestampCount)] : [];
        expectValues(what, logits.data, [seeds.length, ...timestamps, size]);
        if (logits.count === seeds.length && logits.size === size) continue;
        throw broken(
          `${what} with count ${seeds.length} and size ${size}`,
          `count ${logits.count} and size ${logits.size}`,
          'make count, size and the values agree',
        );
      }
    },
  },
  {
    name: 'logits of a head do not depend on the batch',
    why: 'otherwise a score changes with the number of clips that fit into memory',
    async run(context) {
      const { embedder, signals } = await prepare(context);
      const together = await allLogits(embedder, signals);
      for (const index of seeds.keys()) {
        const alone = await allLogits(embedder, sliceBatch(signals, index, index + 1));
        for (const [place, [what, logits]] of together.entries()) {
          const row = embeddingRow(alone[place][1], 0);
          const { found, allowed } = distance(embeddingRow(logits, index), row, context.tolerance);
          if (found <= allowed) continue;
          const fix = 'scale and pad each signal separately, and keep the order of the batch';
          throw broken(`the same ${what} of signal ${index} in a batch as alone`, apart(found, allowed), fix);
        }
      }
    },
  },
  {
    name: 'the head of a disposed embedder refuses to answer',
    why: 'using a freed session would crash the process instead of giving an error',
    async run(context) {
      if ((await context.embedder()).head === undefined) return;
      const { signals } = await prepare(context);
      const embedder = await context.load();
      await embedder.dispose();
      const fix = 'throw an EmbedderError after dispose';
      await expectRefusal(() => allLogits(embedder, signals), 'EMBEDDER', 'logits refused after dispose', fix);
    },
  },
];

function labelsProblem(labels: unknown, size: number): string | undefined {
  if (!Array.isArray(labels)) return 'not a list';
  if (labels.length !== size) return `${labels.length} names`;
  const other = labels.findIndex((label) => typeof label !== 'string' || label.trim() === '');
  if (other >= 0) return `${JSON.stringify(labels[other]) ?? 'undefined'} as name ${other}`;
  const again = labels.findIndex((label, index) => labels.indexOf(label) !== index);
  return again < 0 ? undefined : `'${String(labels[again])}' twice`;
}

async function prepare(context: ConformanceContext): Promise<{ embedder: Embedder; signals: SignalBatch }> {
  const embedder = await context.embedder();
  return { embedder, signals: await testBatch(context, clipSamples(embedder, seconds), seeds) };
}

/** Logits of scenes, and over time if the head gives them; none without a head. */
async function allLogits(
  { head }: Embedder,
  signals: SignalBatch,
): Promise<(readonly [string, Embedded & { readonly size: number }])[]> {
  if (head === undefined) return [];
  const scenes = await head.classifyScenes(signals);
  const timestamps = await head.classifyTimestamps?.(signals);
  const { crops } = head;
  const cropped = crops === undefined || crops.samples > signals.samples ? [] : [await allCrops(signals, crops)];
  return [
    ['scene logits', scenes],
    ...cropped.map((logits) => ['logits of crops', logits] as const),
    ...(timestamps === undefined ? [] : [['timestamp logits', timestamps] as const]),
  ];
}

/** The last crop of each signal. */
async function allCrops(signals: SignalBatch, { samples, classify }: HeadCrops): Promise<SceneLogits> {
  const rows: number[] = [];
  for (let index = 0; index < signals.count; index += 1) {
    const { data } = await classify(sliceBatch(signals, index, index + 1), [signals.samples - samples]);
    rows.push(...data);
  }
  return { data: Float32Array.from(rows), count: signals.count, size: rows.length / signals.count };
}
