/** Version of `@hearken/bench`, which goes into every result; a test compares it with package.json. */
export const harnessVersion = '0.1.0';
