import type { Command } from 'commander';
import { parseModelSpecifier } from '@hearken/core';
import { findPluginModule, findPluginPackage } from '../run/plugins.node.js';
import { failedContract, type Finding } from '../validate/finding.js';
import { validatePlugin } from '../validate/validate-plugin.node.js';
import { done, someFailed } from './exit-status.js';
import { addModelOptions, findModel, type ModelOptions } from './model-options.js';
import type { CommandContext } from './streams.js';
import { tableText } from './table.js';

interface ValidateOptions extends ModelOptions {
  readonly json?: boolean;
}

/** `hearken validate`: whether a plugin keeps the embedder contract, and what it is better for besides. */
export function addValidateCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('validate')
    .description('check that a plugin keeps the embedder contract, and what else makes it good to use')
    .argument('<plugin:model>', 'short name, npm package name or path; without a model, its first one');
  addModelOptions(command)
    .option('--json', 'print one JSON document on standard output instead of the table')
    .action(async (specifier: string, options: ValidateOptions) => {
      const { plugin, load } = await findModel(specifier, options);
      // A model that does not load at all is wrong input, not a broken contract.
      const embedder = await load();
      await embedder.dispose();
      const { provenance, sceneEmbeddingSize } = embedder;
      const { plugin: name } = parseModelSpecifier(specifier);
      const findings: Finding[] = [];
      const subject = {
        plugin,
        load,
        module: await findPluginModule(name),
        found: await findPluginPackage(name),
        // The metadata speak of default options alone.
        ...(options.options === undefined ? {} : { sceneEmbeddingSize }),
      };
      for await (const finding of validatePlugin(subject)) {
        context.abortSignal?.throwIfAborted();
        context.stderr.write(`${wordFor(finding)}  ${finding.name}\n`);
        findings.push(finding);
      }
      const failed = findings.filter(failedContract).length;
      const model = `${provenance.plugin}:${provenance.model}`;
      if (options.json === true) {
        const counts = { failed, advice: findings.filter(isAdvice).length };
        const { plugin: _, model: __, ...origin } = provenance;
        context.stdout.write(`${JSON.stringify({ model, ...origin, ...counts, findings }, undefined, 2)}\n`);
      } else {
        context.stdout.write(reportText(model, findings));
      }
      context.setExitStatus(failed === 0 ? done : someFailed);
    });
}

function isAdvice({ kind, passed }: Finding): boolean {
  return kind === 'advice' && !passed;
}

function wordFor(finding: Finding): string {
  if (finding.passed) return 'passed';
  return failedContract(finding) ? 'FAILED' : 'advice';
}

function reportText(model: string, findings: readonly Finding[]): string {
  const rows = findings.map((finding) => [wrapped(finding.name, 44), wordFor(finding), details(finding)]);
  const failed = findings.filter(failedContract).length;
  const advice = findings.filter(isAdvice).length;
  const passed = findings.length - failed - advice;
  const rest = advice === 0 ? '' : `, ${advice} with advice`;
  return `${tableText(['check', 'result', 'found'], rows)}${model}: ${passed} checks passed, ${failed} failed${rest}\n`;
}

function details({ passed, found = '', fix = '', why }: Finding): string {
  if (passed) return '';
  return [`found: ${found}`, `why it matters: ${why}`, `to do: ${fix}`].map((line) => wrapped(line, 64)).join('\n');
}

function wrapped(text: string, width: number): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(new RegExp(`(.{1,${width}})(?:\\s|$)`, 'g'), '$1\n')
    .trimEnd();
}
