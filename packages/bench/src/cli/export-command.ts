import { modelName } from '@hearken/results';
import { namedModel } from '../models/index.js';
import type { OnnxOperator } from '@hearken/onnx';
import type { Command } from 'commander';
import { exportModel, operatorsText } from '../export/export-model.node.js';
import { addModelOption, addModelOptions, findModel, type ModelOptions } from './model-options.js';
import type { CommandContext } from './streams.js';

interface ExportOptions extends ModelOptions {
  readonly model: string;
  readonly out: string;
  readonly opsetOnly?: boolean;
}

/** `hearken export`: a model as one ONNX file. */
export function addExportCommand(program: Command, context: CommandContext): void {
  const command = program.command('export').description('write a model as one ONNX file: waveform in, embedding out');
  addModelOption(command);
  addModelOptions(command)
    .requiredOption('--out <file>', 'the ONNX file; weights over 2 GB go to FILE.data next to it')
    .option('--opset-only', 'only use operators of the ONNX standard: those specific to ONNX Runtime are replaced')
    .action(async (options: ExportOptions) => {
      const { plugin, load } = await findModel(options.model, options);
      const embedder = await load();
      try {
        const { paths, bytes, difference, foreignOperators } = await exportModel(embedder, options.out, {
          opsetOnly: options.opsetOnly,
          name: modelName(await namedModel(plugin, embedder.provenance, options.checkpoint)),
        });
        const megabytes = (bytes / 1e6).toFixed(1);
        context.stdout.write(
          `${paths.join(' and ')}: ${megabytes} MB; loaded alone, it differs by at most ${difference.toExponential(1)}\n${operatorsLine(foreignOperators)}\n`,
        );
      } finally {
        await embedder.dispose();
      }
    });
}

function operatorsLine(foreign: readonly OnnxOperator[]): string {
  if (foreign.length === 0) return 'All operators are in the ONNX standard.';
  return `Operators outside the ONNX standard: ${operatorsText(foreign)}. --opset-only replaces them.`;
}
