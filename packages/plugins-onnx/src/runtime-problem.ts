import { isHearkenError } from '@hearken/core';
import type { OnnxHeader } from '@hearken/onnx';

/** Why a runtime does not accept a model, and how to fix it. */
export interface RuntimeProblem {
  readonly found: string;
  readonly fix: string;
}

const exportAgain = 'export the model again with only ONNX operators, in a supported operator set';

/**
 * Explains the error of an ONNX runtime that refuses a model: the operator, operator set or format version, and what is
 * supported. Recognises the messages of onnxruntime-node and onnxruntime-web 1.30; others are passed on unchanged.
 */
export function runtimeProblem(error: unknown, header: OnnxHeader): RuntimeProblem {
  const message = deepest(error);
  for (const [pattern, problem] of problems) {
    const match = pattern.exec(message);
    if (match !== null) return problem(match, header);
  }
  const first = message.split('\n')[0].replace(/^\/\S+:\d+ .*?\)(?: const)? /, '');
  return { found: first.slice(0, 400), fix: 'check that the file is complete and passes onnx.checker' };
}

const problems: readonly (readonly [RegExp, (match: RegExpExecArray, header: OnnxHeader) => RuntimeProblem])[] = [
  [
    /No Op registered for (\S+) with domain_version of (\d+)/,
    ([, operator, version]) => ({
      found: `operator '${operator}', which is not in ONNX's operator set ${version}`,
      fix: exportAgain,
    }),
  ],
  [
    /Fatal error: ([^\s:]*):(\S+?)\(-?\d+\) is not a registered function\/op/,
    ([, domain, operator]) => ({
      found: `operator '${operator}' of '${domain || 'ai.onnx'}', which this runtime does not have`,
      fix: exportAgain,
    }),
  ],
  [
    /Could not find an implementation for (\S+?)\((\d+)\) node with name '([^']*)'/,
    ([, operator, version, node], { opsets }) => ({
      found: `operator '${operator}' in its version ${version} (node '${node.slice(0, 80)}', operator set ${opsets.get('') ?? 'unknown'}), which this runtime does not compute`,
      fix: 'export the model with a newer operator set (such as 17), and in float32',
    }),
  ],
  [
    /Opset (\d+) is under development[\s\S]*?domain (\S+) is till opset (\d+)/,
    ([, version, domain, newest]) => ({
      found: `operator set ${version} of '${domain}', but this runtime supports up to ${newest}`,
      fix: `export the model with operator set ${newest} or older (such as 17 for ai.onnx)`,
    }),
  ],
  [
    /Unsupported model IR version: (\d+), max supported IR version: (\d+)/,
    ([, version, newest]) => ({
      found: `format (IR) version ${version}, but this runtime supports up to ${newest}`,
      fix: `save the model with IR version ${newest} or older (model.ir_version = ${Math.min(10, Number(newest))}), or update onnxruntime`,
    }),
  ],
];

/** The runtime's message, whatever it was wrapped in. */
function deepest(error: unknown): string {
  let current = error;
  while (isHearkenError(current) && current.cause instanceof Error) current = current.cause;
  return current instanceof Error ? current.message : String(current);
}
