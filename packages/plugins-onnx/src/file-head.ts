import { type ModelProvenance, labelNames, sessionHead, type SessionHeadParts } from '@hearken/onnx';
import { OnnxEmbedder, type Windowing } from './embedder.js';
import type { OnnxFile } from './onnx-file.js';
import type { WaveformModel } from './waveform-model.js';

/** The output that `hearken finetune` puts behind the embedding. */
const logitsName = 'logits';
/** Longer lists in a file's metadata are not lists of labels. */
const mostText = 4 * 1024 * 1024;

/**
 * The classifier of a file that says what it answers: an output `logits` `[n, labels]`, and in its metadata `kind`
 * (`multiclass` or `multilabel`) and, for names, `labels` (a JSON list). Its session is that of the embedder.
 */
export function fileHead(
  { header }: OnnxFile,
  model: WaveformModel,
  windowing: Windowing,
  provenance: ModelProvenance,
): SessionHeadParts {
  const logits = header.outputs.find((output) => output.name === logitsName);
  if (logits === undefined || model.signature.output === logitsName) return { noHead: `no output '${logitsName}'` };
  const size = logits.shape?.[1];
  if (logits.dataType !== 'float32' || logits.shape?.length !== 2 || typeof size !== 'number' || size < 1) {
    return { noHead: `an output '${logitsName}' that is not float32 [n, labels]` };
  }
  const kind = header.metadata.get('kind');
  if (kind !== 'multiclass' && kind !== 'multilabel') {
    return {
      noHead: `an output '${logitsName}', and no kind 'multiclass' or 'multilabel' in the metadata of the file`,
    };
  }
  const labels = labelNames(namesIn(header.metadata.get('labels')), size);
  const answers = new OnnxEmbedder(model.forOutput(logitsName, size), windowing, provenance);
  return { head: sessionHead({ kind, ...(labels === undefined ? {} : { labels }) }, answers, { timestamps: true }) };
}

function namesIn(text: string | undefined): unknown {
  if (text === undefined || text.length > mostText) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
