// Run as a process of its own: loads a model, and prints the most memory that this process ever had, in bytes.
import { argv, resourceUsage, stdout } from 'node:process';

const [, , plugin, checkpoint, options] = argv;
const { default: loaded } = await import(plugin);
const embedder = await loaded.loadModel(checkpoint, JSON.parse(options));
// Of the operating system's own count, which is in KiB: what was needed for a moment counts too.
stdout.write(`${resourceUsage().maxRSS * 1024}\n`);
await embedder.dispose();
