import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { metricNames } from '@hearken/metrics';
import ts from 'typescript';
import { expect, it } from 'vitest';

const packages = fileURLToPath(new URL('../packages', import.meta.url));

/** Where metrics may be named: in their own files, and in tasks and protocols, which say which metric scores them. */
const named = /^(metrics\/src\/(scene|regression|event)|tasks\/src|results\/src\/protocols)\//;

function metricsNamedIn(file: string, text: string): string[] {
  const known = new Set(metricNames());
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && known.has(node.text)) found.push(`${file}: ${node.getText()}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

it('a metric says itself how it is scored: no other code knows it by its name', () => {
  const files = readdirSync(packages).flatMap((folder) =>
    readdirSync(`${packages}/${folder}/src`, { recursive: true, encoding: 'utf8' })
      .map((file) => `${folder}/src/${file}`)
      .filter((file) => file.endsWith('.ts') && !named.test(file)),
  );
  expect(files.length).toBeGreaterThan(500);
  const found = files.flatMap((file) => {
    const text = readFileSync(`${packages}/${file}`, 'utf8');
    return metricNames().some((name) => text.includes(name)) ? metricsNamedIn(file, text) : [];
  });
  expect(found).toEqual([]);
  expect(metricsNamedIn('x.ts', "if (name === 'mAP') return `aucroc`;")).toHaveLength(2);
});
