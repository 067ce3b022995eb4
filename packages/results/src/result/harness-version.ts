/** Version of `@hearken/bench`, stored in every result; a test compares it with package.json. */
export const harnessVersion = '0.1.0';
