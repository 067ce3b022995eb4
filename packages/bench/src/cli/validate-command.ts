import type { Command } from 'commander';
import { HearkenError, runConformance, type ConformanceResult } from '@hearken/core';
import { done, someFailed } from './exit-status.js';
import { addModelOptions, findModel, type ModelOptions } from './model-options.js';
import type { CommandContext } from './streams.js';
import { tableText } from './table.js';

/** `hearken validate`: whether a plugin keeps the embedder contract. */
export function addValidateCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('validate')
    .description('check that a plugin keeps the embedder contract')
    .argument('<plugin:model>', 'short name, npm package name or path; without a model, its first one');
  addModelOptions(command).action(async (specifier: string, options: ModelOptions) => {
    const { plugin, load } = await findModel(specifier, options);
    // A model that does not load at all is wrong input, not a broken contract.
    const embedder = await load();
    await embedder.dispose();
    const { provenance } = embedder;
    const results: ConformanceResult[] = [];
    for await (const result of runConformance({ plugin, load })) {
      context.abortSignal?.throwIfAborted();
      context.stderr.write(`${result.passed ? 'passed' : 'FAILED'}  ${result.name}\n`);
      results.push(result);
    }
    const failed = results.filter(({ passed }) => !passed);
    const rows = results.map(({ name, passed, error }) => [name, passed ? 'passed' : 'FAILED', reason(error)]);
    context.stdout.write(tableText(['check', 'result', 'found'], rows));
    context.stdout.write(
      `${provenance.plugin}:${provenance.model}: ${results.length - failed.length} checks passed, ${failed.length} failed\n`,
    );
    context.setExitStatus(failed.length === 0 ? done : someFailed);
  });
}

function reason(error: unknown): string {
  if (error === undefined) return '';
  const text = error instanceof HearkenError ? `${error.found}; ${error.fix}` : (error as Error).message;
  return text
    .replace(/\s+/g, ' ')
    .replace(/(.{1,70})(?:\s|$)/g, '$1\n')
    .trimEnd();
}
