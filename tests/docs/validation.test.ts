import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Application, Logger, LogLevel, PackageJsonReader, TSConfigReader, type TypeDocOptions } from 'typedoc';
import { afterAll, beforeAll, expect, it } from 'vitest';

const { default: config } = (await import(new URL('../../typedoc.config.mjs', import.meta.url).href)) as {
  readonly default: Partial<TypeDocOptions>;
};

class Warnings extends Logger {
  readonly texts: string[] = [];

  override log(message: string, level: LogLevel): void {
    if (level >= LogLevel.Warn) this.texts.push(message);
  }
}

/** What the site's configuration says of a module. */
async function warningsOf(folder: string, source: string): Promise<string[]> {
  const file = join(folder, 'index.ts');
  await writeFile(file, source);
  const { validation, packagesRequiringDocumentation, treatWarningsAsErrors } = config;
  expect(treatWarningsAsErrors).toBe(true);
  const tsconfig = join(folder, 'tsconfig.json');
  const options = {
    entryPoints: [file],
    tsconfig,
    validation,
    packagesRequiringDocumentation,
    readme: 'none',
    disableSources: true,
  };
  const app = await Application.bootstrap(options, [new PackageJsonReader(), new TSConfigReader()]);
  const logger = new Warnings();
  app.logger = logger;
  const project = await app.convert();
  expect(project, logger.texts.join('\n')).toBeDefined();
  app.validate(project!);
  return logger.texts;
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearken-docs-check-'));
  await writeFile(join(folder, 'package.json'), '{"name":"@hearken/core","version":"0.1.0","type":"module"}');
  await writeFile(
    join(folder, 'tsconfig.json'),
    '{"compilerOptions":{"strict":true,"types":[],"lib":["es5"]},"include":["*.ts"]}',
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('asks for a comment of everything public, for what comments and types name, and for nothing else', async () => {
  const warnings = await warningsOf(
    folder,
    `export function bare(): void {}
export class Box { filled = 1; fill(): void {} }
export interface Options { readonly seed: number; run(): void }
export type Kind = 'a' | 'b';
export const size = 3;
interface Hidden { x: number }
/** Makes {@link Nothing}. */
export function documented(): Hidden { return { x: 1 }; }
`,
  );
  for (const name of [
    'bare',
    'Box',
    'Box.filled',
    'Box.fill',
    'Options',
    'Options.seed',
    'Options.run',
    'Kind',
    'size',
  ]) {
    expect(
      warnings.filter((warning) => warning.startsWith(`${name} (`)),
      name,
    ).toHaveLength(1);
  }
  const rest = warnings.filter((warning) => !warning.includes('does not have any documentation')).join('\n');
  expect(rest).toContain('Hidden');
  expect(rest).toContain('Nothing');
  expect(warnings).toHaveLength(11);
});
