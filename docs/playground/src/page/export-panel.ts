import { predictionsFile } from '../session/predictions.js';
import { type Session, tableOf } from '../session/session.js';
import type { JobClient } from '../work/job-client.js';
import { byId } from './elements.js';
import { showError } from './messages.js';
import { saveFile } from './save-file.js';

/** Buttons that save embeddings and the classifier. */
export class ExportPanel {
  constructor(
    private readonly session: Session,
    private readonly jobs: () => Promise<JobClient>,
  ) {
    for (const format of ['npy', 'csv', 'json'] as const) {
      byId(`export-${format}`).addEventListener('click', () => {
        this.#saveEmbeddings(format).catch(showError);
      });
    }
    for (const format of ['csv', 'json'] as const) {
      byId(`predictions-${format}`).addEventListener('click', () => {
        const file = predictionsFile(this.session, format);
        if (file !== undefined) saveFile(file, `predictions.${format}`);
      });
    }
    byId('export-onnx').addEventListener('click', () => {
      this.#saveProbe().catch(showError);
    });
    session.on(['embeddings', 'clips', 'probe'], () => {
      this.#show();
    });
    this.#show();
  }

  #show(): void {
    const isEmpty = this.session.embedded.length === 0;
    for (const format of ['npy', 'csv', 'json']) byId<HTMLButtonElement>(`export-${format}`).disabled = isEmpty;
    const { probe, embedded } = this.session;
    byId<HTMLButtonElement>('export-onnx').disabled = probe === undefined;
    const isAnswered = probe !== undefined && embedded.some(({ answer }) => answer !== undefined);
    for (const format of ['csv', 'json']) byId<HTMLButtonElement>(`predictions-${format}`).disabled = !isAnswered;
  }

  async #saveEmbeddings(format: 'npy' | 'csv' | 'json'): Promise<void> {
    const { embedded: clips, provenance } = this.session;
    if (provenance === undefined) return;
    const blob = await (
      await this.jobs()
    ).do('exportEmbeddings', {
      ...tableOf(clips),
      format,
      names: clips.map(({ name }) => name),
      labels: clips.map(({ label }) => label),
      provenance,
    });
    saveFile(blob, `embeddings.${format}`);
  }

  async #saveProbe(): Promise<void> {
    saveFile(await (await this.jobs()).do('exportProbe', null), 'classifier.onnx');
  }
}
