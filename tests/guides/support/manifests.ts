import { createRequire } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import { root } from './pages.js';
import type { Guide } from './read-guide.js';

const require = createRequire(import.meta.url);

/** An object for Kubernetes, as a guide shows it. */
export interface Manifest {
  /** The guide, the line of its block, and the object's place in the block from 1. */
  readonly at: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly [field: string]: unknown;
}

/** The manifests of a guide: the objects of its YAML blocks that have a `kind`. */
export function readManifests({ name, blocks }: Guide): Manifest[] {
  return blocks
    .filter(({ language }) => language === 'yaml')
    .flatMap(({ text, line }) =>
      parseAllDocuments(text).map((document, index) => {
        if (document.errors.length > 0) throw document.errors[0];
        return { at: `${name}.md:${line}.${index + 1}`, ...(document.toJS() as object) } as Manifest;
      }),
    )
    .filter(({ kind }) => kind !== undefined);
}

/**
 * What Kubernetes would refuse: fields and values that its types do not have, and then what its JSON schemas refuse.
 *
 * @returns one line for each problem
 */
export function manifestProblems(manifests: readonly Manifest[]): string[] {
  const problems = typeProblems(manifests);
  // A kind that does not exist has no schema, either.
  if (problems.length > 0) return problems;
  for (const { at, ...manifest } of manifests) {
    const { apiVersion, kind } = manifest;
    const classes = require(`kubernetes-models/${apiVersion}/${kind}`) as Record<string, Model>;
    try {
      new classes[kind](manifest).validate();
    } catch (error) {
      problems.push(`${at}: ${(error as Error).message}`);
    }
  }
  return problems;
}

type Model = new (data: object) => { validate(): void };

/** Checks manifests as literals of TypeScript, which may have no field besides those of their types. */
function typeProblems(manifests: readonly Manifest[]): string[] {
  const path = join(root, 'tests/guides/manifests-of-guides.ts');
  const lines = manifests.map(({ at: _at, ...manifest }, index) => {
    const { apiVersion, kind } = manifest;
    const type = `import('kubernetes-models/${apiVersion}/${kind}').I${kind}`;
    return `export const manifest${index}: ${type} = ${JSON.stringify(manifest)};`;
  });
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
  };
  const files = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...files,
    fileExists: (name) => name === path || files.fileExists(name),
    getSourceFile: (name, ...more) =>
      name === path
        ? ts.createSourceFile(name, lines.join('\n'), ts.ScriptTarget.ES2023)
        : files.getSourceFile(name, ...more),
  };
  return ts.getPreEmitDiagnostics(ts.createProgram([path], options, host)).map(({ file, start = 0, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, ' ');
    return file?.fileName === path ? `${manifests[file.getLineAndCharacterOfPosition(start).line].at}: ${text}` : text;
  });
}
