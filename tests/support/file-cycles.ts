import { dirname, join, relative } from 'node:path';
import { importsOf } from './imports-of.js';

/**
 * Sets of files that all reach each other by static imports, by Tarjan's algorithm of strongly connected
 * components (1972).
 *
 * @returns each set as one line of paths from `folder`, so that a failing test names them
 */
export function fileCycles(files: readonly string[], folder: string): string[] {
  const graph = new Map(files.map((file) => [file, neighbours(file)]));
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const cycles: string[] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.size - 1);
    path.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!order.has(next)) visit(next);
      if (path.includes(next)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(next)!));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const component = path.splice(path.indexOf(file));
    if (component.length > 1) cycles.push(component.map((one) => relative(folder, one)).join(' -> '));
  };
  for (const file of files) if (!order.has(file)) visit(file);
  return cycles;
}

function neighbours(file: string): string[] {
  return importsOf(file)
    .filter(({ module, isDynamic }) => module.startsWith('.') && !isDynamic)
    .map(({ module }) => join(dirname(file), module.replace(/\.js$/, '.ts')));
}
