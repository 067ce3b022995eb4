import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** A module that a file imports, as it names it. */
export interface Import {
  readonly module: string;
  /** Whether it is loaded when the code gets there, by `import()`. */
  readonly isDynamic: boolean;
  /** Whether it is for types only: nothing is loaded. */
  readonly isType: boolean;
}

/** The imports and re-exports of a TypeScript file, including those of types. */
export function importsOf(path: string): Import[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  const imports: Import[] = [];
  const visit = (node: ts.Node): void => {
    const isStatic = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
    const isDynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
    const module = isStatic ? node.moduleSpecifier : isDynamic ? node.arguments[0] : undefined;
    const isType =
      (ts.isImportDeclaration(node) && node.importClause?.isTypeOnly === true) ||
      (ts.isExportDeclaration(node) && node.isTypeOnly);
    if (module !== undefined && ts.isStringLiteral(module)) imports.push({ module: module.text, isDynamic, isType });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return imports;
}
