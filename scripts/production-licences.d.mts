/** A package that comes with Hearken's. */
export interface ProductionPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, or `unknown`. */
  readonly licence: string;
  /** Whether users have to add it themselves. */
  readonly optional: boolean;
}

export function productionPackages(
  lock: Readonly<Record<string, unknown>>,
  manifestOf: (folder: string) => unknown,
): ProductionPackage[];

export function isAcceptable(expression: string): boolean;

export function licenceProblems(packages: readonly ProductionPackage[]): ProductionPackage[];
