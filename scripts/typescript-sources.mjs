// Lets Node.js, or one of its threads, run the sources directly: an import that ends in `.js` finds its `.ts`, and TypeScript
// removes the types. Use it with `--import`.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
