// Run as a separate process: loads a model, embeds one signal of `seconds` (mapped weights only use memory once they are
// read), and prints the peak memory of this process in bytes.
import { readFileSync } from 'node:fs';
import { argv, platform, resourceUsage, stdout } from 'node:process';
import { getSceneEmbeddings, signalBatch } from '@hearken/core';
import { testSignal } from './measure.mjs';

const [, , name, checkpoint, options, seconds] = argv;
const { default: plugin } = await import(name);
const embedder = await plugin.loadModel(checkpoint, JSON.parse(options));
const { channels, sampleRate } = embedder;
await getSceneEmbeddings(signalBatch([testSignal(channels * sampleRate * Number(seconds))], channels), embedder);
stdout.write(`${peakBytes()}\n`);
await embedder.dispose();

/** As counted by the operating system, in KiB, including short peaks. */
function peakBytes() {
  // On Linux, `maxRSS` starts with the memory of the parent process.
  const status = platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? resourceUsage().maxRSS);
}
