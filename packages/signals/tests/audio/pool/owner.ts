// A process that decodes a file in another, prints that one's id, and waits to be killed; or ends by itself ('done').
import { DecodeProcess } from '../../../src/audio/pool/decode-process.node.js';
import { equalChannelFrames } from '../../../../../tests/support/mp3-frames.js';

const [state, program] = process.argv.slice(2);
const one = new DecodeProcess({ url: new URL(program) }, { silence: () => 3_600_000, memory: () => 2 ** 31 });
await one.decode(equalChannelFrames(1, 'silence'), 'mp3', 'short', {});
// As long as it takes to be killed.
if (state === 'busy') void one.decode(equalChannelFrames(100_000, 'tone'), 'mp3', 'long', {}).catch(() => undefined);
console.log(one.id);
if (state !== 'done') setInterval(() => undefined, 60_000);
