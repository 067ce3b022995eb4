import type { Command } from 'commander';
import { parseModelSpecifier } from '@hearken/core';
import { findPluginModule, findPluginPackage } from '../plugins/plugins.node.js';
import { failedContract, type Finding, isAdvice, type ValidationReport } from '../validate/finding.js';
import { reportText } from '../validate/report-text.js';
import { validatePlugin } from '../validate/validate-plugin.node.js';
import { done, someFailed } from './exit-status.js';
import { addModelOptions, findModel, type ModelOptions } from './model-options.js';
import { printable } from './table.js';
import { chooseView } from './progress/bar-view.js';
import type { CommandContext } from './streams.js';

interface ValidateOptions extends ModelOptions {
  readonly json?: boolean;
}

/** `hearken validate`: whether a plugin fulfils the embedder contract, and how it could be improved. */
export function addValidateCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('validate')
    .description('check whether a plugin fulfils the embedder contract, and what would improve it')
    .argument('<plugin:model>', "short name, npm package name or path; without a model, the plugin's first one");
  addModelOptions(command)
    .option('--json', 'print one JSON document on standard output instead of the report')
    .action(async (specifier: string, options: ValidateOptions) => {
      const report = await validate(specifier, options, context);
      context.stdout.write(
        options.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : printable(reportText(report)),
      );
      context.setExitStatus(report.failed === 0 ? done : someFailed);
    });
}

async function validate(
  specifier: string,
  options: ValidateOptions,
  context: CommandContext,
): Promise<ValidationReport> {
  const { plugin, load } = await findModel(specifier, options);
  // A model that does not load at all is wrong input, not a broken contract.
  const embedder = await load();
  await embedder.dispose();
  const { provenance, sceneEmbeddingSize } = embedder;
  const { plugin: name } = parseModelSpecifier(specifier);
  const findings: Finding[] = [];
  const progress = progressOn(context);
  const subject = {
    plugin,
    load,
    module: await findPluginModule(name),
    found: await findPluginPackage(name),
    ...(options.checkpoint === undefined ? {} : { checkpoint: options.checkpoint }),
    checkpointSha256: provenance.checkpointSha256,
    // The metadata describe the default options only.
    ...(options.options === undefined ? {} : { sceneEmbeddingSize }),
    onCheck: progress.begin,
  };
  try {
    for await (const finding of validatePlugin(subject)) {
      context.abortSignal?.throwIfAborted();
      findings.push(finding);
    }
  } finally {
    progress.end();
  }
  const { plugin: _, model, ...origin } = provenance;
  return {
    model: `${provenance.plugin}:${model}`,
    ...origin,
    passed: findings.filter(({ passed }) => passed).length,
    failed: findings.filter(failedContract).length,
    advice: findings.filter(isAdvice).length,
    findings,
  };
}

interface Progress {
  readonly begin: (check: { readonly name: string }, index: number, count: number) => void;
  end(): void;
}

/**
 * On a terminal, a bar with the current check, followed by the report. Elsewhere a line every few seconds, because the
 * report, which may go to the same file, names each check.
 */
function progressOn(context: CommandContext): Progress {
  const view = chooseView(context);
  let begun = false;
  return {
    begin(check, index, count) {
      if (!begun) view.begin('checks', count);
      begun = true;
      view.update(index, check.name, undefined);
    },
    end: () => {
      view.end();
    },
  };
}
