import { errorMessage } from '@hearken/core/remote';
import { decodeCompressed } from '../audio/compressed.js';
import { decodeAac } from './aac.web.js';
import type { DecodeReport, DecodeRequest, DecodeScope } from './decode-messages.js';

/** Decodes the file of a request and replies through the worker's scope; failures are replied, too. */
export async function answerDecoding(
  scope: DecodeScope,
  { bytes, format, name, bounds }: DecodeRequest,
): Promise<void> {
  const send = (report: DecodeReport, transfer: Transferable[] = []) => {
    scope.postMessage(report, { transfer });
  };
  const onProgress = () => {
    send({ kind: 'progress' });
  };
  try {
    const audio = await decodeCompressed(bytes, format, name, { ...bounds, onProgress }, decodeAac);
    const buffers = new Set(audio.channels.map(({ buffer }) => buffer as ArrayBuffer));
    send({ kind: 'done', audio }, [...buffers]);
  } catch (error) {
    send({ kind: 'failed', error: errorMessage(error) });
  }
}
