import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import { describeWithRedis } from './support/redis-server.js';
import { fakePlugin } from './support/fake-run.js';
import { hearken } from './support/run-hearken.js';
import { temporaryFolders } from './support/temporary-folder.js';
import { writeToneTask } from './support/tone-task.js';
import { type QueueOfTest, testQueues, type TakenJob } from './support/queued-campaign.js';

const newFolder = temporaryFolders();
const newQueue = testQueues();
let folder: string;
let args: string[];

beforeEach(async () => {
  folder = await newFolder();
  for (const name of ['one', 'two']) {
    await writeToneTask(join(folder, 'tasks', name), {
      clips: 4,
      metadata: { task_name: name },
    });
  }
  const models = ['--model', `a=${fakePlugin}`, '--model', `b=${fakePlugin}`, '--options', 'b={"scale":2}'];
  const places = ['--tasks', join(folder, 'tasks'), '--out', join(folder, 'out'), '--cache', join(folder, 'cache')];
  args = ['run', ...models, ...places, '--probe', 'linear', '--threads', '1'];
});

/** A queue whose cache is the tests' own, and the options that name it. */
async function queueOfRun(): Promise<{
  readonly test: QueueOfTest;
  readonly options: string[];
}> {
  const test = await newQueue();
  await test.queue.redis.del('hearken:about');
  const password = join(folder, 'password');
  await writeFile(password, test.server.password, { mode: 0o600 });
  return {
    test,
    options: ['--queue', test.server.url, '--queue-password-file', password],
  };
}

/** Takes root jobs as a worker does, as soon as they are there. */
async function takeAll({ take }: QueueOfTest, count: number): Promise<TakenJob[]> {
  const taken: TakenJob[] = [];
  while (taken.length < count) {
    const job = await take().catch(() => undefined);
    if (job === undefined) await wait(20);
    else taken.push(job);
  }
  return taken;
}

describeWithRedis('hearken run --queue', () => {
  it('prints what `hearken run` prints, from the results that workers have written', async () => {
    const plain = await hearken(...args, '--json');
    const files = (JSON.parse(plain.out) as { file: string }[]).map(({ file }) => file);
    expect(files).toHaveLength(4);
    const { test, options } = await queueOfRun();
    const junit = join(folder, 'junit.xml');
    const checks = ['--fail-under', 'top1_acc>=2', '--junit', junit, '--json'];
    const run = hearken(...args, ...options, '--campaign-name', 'spring', ...checks);
    const jobs = await takeAll(test, 4);
    for (const [index, job] of jobs.entries()) await job.complete({ results: [files[index]], failed: [] });
    const { status, out, err } = await run;
    expect(JSON.parse(out)).toEqual(JSON.parse(plain.out));
    expect(status).toBe(1);
    expect(err).toMatch(/^Campaign spring \(\w+\) is in the queue redis:.*: 4 pairs of a model and a task\.$/m);
    expect(err).toMatch(/^ {2}hearken cancel \w+ --queue redis:/m);
    expect(err).toContain('--fail-under top1_acc>=2: 4 missed, 4 scores compared');
    expect(await readFile(junit, 'utf8')).toContain('<testsuites');
  });

  it('shows what failed, and keeps the other scores', async () => {
    const plain = await hearken(...args, '--json');
    const files = (JSON.parse(plain.out) as { file: string }[]).map(({ file }) => file);
    const { test, options } = await queueOfRun();
    const run = hearken(...args, ...options);
    const jobs = await takeAll(test, 4);
    await jobs[0].complete({ results: [files[0]], failed: [] });
    await jobs[1].fail('killed\u001B[2J');
    await jobs[2].complete({
      results: [],
      failed: [{ evaluation: 'linear', message: 'no label' }],
    });
    await jobs[3].complete({ results: ['/etc/hosts'], failed: [] });
    const { status, out, err } = await run;
    expect(status).toBe(1);
    expect(out.match(/failed/g)).toHaveLength(3);
    expect(err).toContain('a on two-v1-full: failed: killed [2J\n');
    expect(err).toContain('b on one-v1-full, linear: failed: no label\n');
  });

  it('says and exits as `hearken run` does if all of it fails by wrong input', async () => {
    const { test, options } = await queueOfRun();
    const run = hearken(...args, ...options);
    const refusal = "clip 'x.wav'\n  found:  no sound\n  to do:  repair it";
    for (const job of await takeAll(test, 4)) await job.fail(refusal);
    const { status, err } = await run;
    expect(status).toBe(2);
    const shown = "failed\nError: clip 'x.wav'\n  found:  no sound\n  to do:  repair it\n";
    expect(err).toContain(`a on one-v1-full: ${shown}`);
    const { out } = await hearken('status', ...options);
    expect(out).toContain("a on one-v1-full: clip 'x.wav'\n");
    expect(out).toContain('  found:  no sound\n');
    expect(out).toContain('  to do:  repair it\n');
  });

  it('exits with 1 if the processes of workers have ended, or some of it was computed', async () => {
    for (const reason of ['\n  reason: process-ended', '']) {
      const { test, options } = await queueOfRun();
      const run = hearken(...args, ...options);
      const [first, ...jobs] = await takeAll(test, 4);
      const text = 'a job\n  found:  nothing\n  to do:  look at it';
      if (reason === '') await first.fail('killed');
      else await first.fail(text + reason);
      for (const job of jobs) await job.fail(text);
      expect((await run).status).toBe(1);
    }
  });

  it('returns at once with --detach, and finds the same campaign again', async () => {
    const { options } = await queueOfRun();
    const { status, out } = await hearken(...args, ...options, '--detach', '--json');
    expect(status).toBe(0);
    const { campaign } = JSON.parse(out) as { campaign: string };
    const again = await hearken(...args, ...options, '--detach', '--priority', '5');
    expect(again.out).toBe(`${campaign}\n`);
    expect(again.err).toContain('4 pairs of a model and a task, all of which it had already.');
    expect((await hearken('status', ...options)).out).toContain('0 of 4 done, 4 waiting');
  });

  it('names a queue that cannot be reached', async () => {
    const { test, options } = await queueOfRun();
    await test.server.stop();
    const { status, err } = await hearken(...args, ...options);
    expect(status).toBe(2);
    expect(err).toContain(`Error: the queue '${test.server.url}'`);
    await test.server.start();
  });
});
