// Types of the packed packages, as an application sees them with each of TypeScript's module resolutions.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OutsideProject, outsideProject } from '../support/outside-project.js';
import { entriesOf, publishedPackages } from '../support/published-packages.js';

const { ModuleKind, ModuleResolutionKind } = ts;
const settings: Readonly<Record<string, ts.CompilerOptions>> = {
  node16: { module: ModuleKind.Node16, moduleResolution: ModuleResolutionKind.Node16 },
  nodenext: { module: ModuleKind.NodeNext, moduleResolution: ModuleResolutionKind.NodeNext },
  bundler: { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler },
  preserve: { module: ModuleKind.Preserve, moduleResolution: ModuleResolutionKind.Bundler },
  node10: { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Node10, ignoreDeprecations: '6.0' },
};

let project: OutsideProject;
let program: string;

beforeAll(async () => {
  project = await outsideProject({ add: ['onnxruntime-web', '@types/node'] });
  program = join(project.folder, 'program.ts');
  const entries = publishedPackages().flatMap(entriesOf);
  const imports = entries.map((entry, index) => `import * as entry${index} from '${entry}';`);
  await writeFile(
    program,
    `${imports.join('\n')}
     import { type Embedder, signalBatch } from '@hearken/core';
     export const entries = [${entries.map((_, index) => `entry${index}`).join(', ')}];
     export async function sizes(embedder: Embedder): Promise<number> {
       const { size, data } = await embedder.embedScenes(signalBatch([new Float32Array(10)]));
       // @ts-expect-error the types are there, and no any
       const text: string = size;
       return data.length + text.length;
     }`,
  );
});

afterAll(() => project?.remove());

it.each(Object.keys(settings))(
  'type-check under module setting %s',
  (setting) => {
    const options: ts.CompilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
      types: ['node'],
      typeRoots: [join(project.folder, 'node_modules/@types')],
      ...settings[setting],
    };
    const compiled = ts.createProgram([program], options);
    const ours = compiled
      .getSourceFiles()
      .filter(({ fileName }) => fileName === program || /node_modules\/(?:@hearken|create-hearken)/.test(fileName));
    expect(ours.length).toBeGreaterThan(publishedPackages().length);
    const problems = [
      ...compiled.getOptionsDiagnostics(),
      ...ours.flatMap((file) => [...compiled.getSyntacticDiagnostics(file), ...compiled.getSemanticDiagnostics(file)]),
    ];
    const lines = problems.map(({ file, messageText }) => {
      const place = file?.fileName.slice(project.folder.length + 1) ?? 'options';
      return `${place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
    expect(lines).toEqual([]);
  },
  120_000,
);
