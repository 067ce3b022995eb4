import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';

/** Compiled sources by their hash: compiling takes seconds, because TypeScript has to be loaded. */
const cache = new URL('../node_modules/.cache/hearken-sources/', import.meta.url);

export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !/^\.{1,2}\/.*\.js$/.test(specifier)) throw error;
    return next(specifier.replace(/\.js$/, '.ts'), context);
  }
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const text = await readFile(fileURLToPath(url), 'utf8');
  const made = new URL(`${createHash('sha256').update(text).digest('hex')}.js`, cache);
  const source = await readFile(made, 'utf8').catch(() => transpile(text, made));
  return { format: 'module', shortCircuit: true, source };
}

async function transpile(text, made) {
  const { default: typescript } = await import('typescript');
  const { ModuleKind, ScriptTarget } = typescript;
  const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2023, verbatimModuleSyntax: true };
  const source = typescript.transpileModule(text, { compilerOptions }).outputText;
  // Other threads may be writing the same file.
  const partial = new URL(`${made.href}.${process.pid}-${threadId}-${performance.now()}`);
  await mkdir(cache, { recursive: true });
  await writeFile(partial, source);
  await rename(partial, made);
  return source;
}
