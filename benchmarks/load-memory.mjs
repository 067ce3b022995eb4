// Run as a process of its own: loads a model, embeds one signal of `seconds` (weights are mapped, and come into memory when
// they are used), and prints the most memory that this process ever had, in bytes.
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

/** The operating system's own count, in KiB: what was needed for a moment counts too. */
function peakBytes() {
  // On Linux, `maxRSS` begins with the memory of the process that started this one.
  const status = platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? resourceUsage().maxRSS);
}
