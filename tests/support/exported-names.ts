import ts from 'typescript';

/**
 * The names that modules export, types included: `name: kind`, sorted, where a kind is `class`, `const`, `function`,
 * `interface`, `type`, `namespace` or `enum`.
 *
 * @param entries paths of TypeScript files
 * @returns by entry
 */
export function exportedNames(entries: readonly string[], options: ts.CompilerOptions): Map<string, string[]> {
  const program = ts.createProgram(entries, options);
  const checker = program.getTypeChecker();
  return new Map(
    entries.map((entry) => {
      const module = checker.getSymbolAtLocation(program.getSourceFile(entry)!);
      const symbols = module === undefined ? [] : checker.getExportsOfModule(module);
      return [entry, symbols.map((symbol) => `${symbol.name}: ${kindOf(symbol, checker)}`).sort()];
    }),
  );
}

const kinds: readonly (readonly [ts.SymbolFlags, string])[] = [
  [ts.SymbolFlags.Class, 'class'],
  [ts.SymbolFlags.Function, 'function'],
  [ts.SymbolFlags.Enum, 'enum'],
  [ts.SymbolFlags.Interface, 'interface'],
  [ts.SymbolFlags.TypeAlias, 'type'],
  [ts.SymbolFlags.Module, 'namespace'],
];

function kindOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const own = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return kinds.find(([flag]) => own.flags & flag)?.[1] ?? 'const';
}
