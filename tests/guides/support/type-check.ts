import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { root } from './pages.js';
import type { Guide } from './read-guide.js';

/** Missing modules, exports and names: errors that also apply to JavaScript. */
const missing = [2304, 2305, 2307, 2552, 2614, 2724];

/**
 * Type-checks all TypeScript blocks of some pages at once, each as a separate module, against the types of the packed
 * packages. In JavaScript blocks, everything that they import and name must exist.
 *
 * @param project folder whose `node_modules` has the packages
 * @returns one line for each error, beginning with the page and the line of the block
 */
export async function typeErrors(pages: readonly Guide[], project: string): Promise<string[]> {
  const folder = join(project, 'types');
  const places = new Map<string, { readonly page: string; readonly line: number }>();
  for (const { name, blocks } of pages) {
    for (const { language, file, text, line } of blocks) {
      if (language !== 'ts' && language !== 'js') continue;
      const path = join(folder, name, file ?? `line-${line}.${language}`);
      await mkdir(dirname(path), { recursive: true });
      // Without an import or export a block would share its names with all others.
      await writeFile(path, `${text}\nexport {};\n`);
      places.set(path, { page: name, line });
    }
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  const program = ts.createProgram([...places.keys()], {
    strict: true,
    noEmit: true,
    allowJs: true,
    checkJs: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    typeRoots: [join(root, 'node_modules/@types')],
    types: ['node'],
    paths: { vitest: [join(root, 'node_modules/vitest')] },
  });
  const isError = ({ file, code }: ts.Diagnostic) => file?.fileName.endsWith('js') !== true || missing.includes(code);
  const diagnostics = ts.getPreEmitDiagnostics(program).filter(isError);
  return diagnostics.map(({ file, start = 0, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, '\n');
    const place = places.get(file?.fileName ?? '');
    if (file === undefined || place === undefined) return `${relative(folder, file?.fileName ?? '')}: ${text}`;
    // The fence is also a line of the page.
    const line = place.line + 1 + file.getLineAndCharacterOfPosition(start).line;
    return `${place.page}.md:${line}: ${text}`;
  });
}
