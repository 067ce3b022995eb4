import { Writable } from 'node:stream';
import { main } from '../../packages/bench/src/cli/main.js';

/** Runs the command in this process, and collects its output. */
export async function hearken(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const text = { out: '', err: '' };
  const stream = (name: 'out' | 'err') =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        text[name] += chunk.toString();
        done();
      },
    });
  const status = await main(args, { stdout: stream('out'), stderr: stream('err') });
  return { status, ...text };
}
