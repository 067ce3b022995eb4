// Lets Node.js, or a thread of it, run the sources as they are: an import that ends in `.js` finds its `.ts`, and TypeScript
// takes the types away. To be named with `--import`.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
