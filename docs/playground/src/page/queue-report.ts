import type { QueueReport } from '../session/embedding-queue.js';
import { byId } from './elements.js';
import { showError, showNote, showStatus } from './messages.js';

/** Shows the progress of the clips. */
export const queueReport: QueueReport = {
  progress(done, total, name) {
    byId('clips-progress').hidden = false;
    const bar = byId<HTMLProgressElement>('clips-progress-bar');
    bar.max = total;
    bar.value = done;
    byId('clips-progress-text').textContent = `${done + 1} of ${total}: ${name}`;
  },
  failed: showError,
  finished() {
    byId('clips-progress').hidden = true;
    showStatus('All clips are read.');
  },
  backendChanged(backend) {
    showNote(`The model now runs elsewhere: ${backend}. Embedding continues.`);
  },
};
