import type { JobClient } from '../work/job-client.js';
import { byId, make, makeButton } from './elements.js';
import { bytesText } from './formats.js';
import { showError } from './messages.js';

/** Lists the files stored in the browser, each with a button to delete it. */
export class StoredPanel {
  constructor(private readonly jobs: () => Promise<JobClient>) {
    byId<HTMLDetailsElement>('stored').addEventListener('toggle', () => {
      this.show();
    });
  }

  /** Updates the list, if it is open. */
  show(): void {
    if (byId<HTMLDetailsElement>('stored').open) this.#show().catch(showError);
  }

  async #show(): Promise<void> {
    const jobs = await this.jobs();
    const files = await jobs.do('listStored', null);
    byId('stored-empty').hidden = files.length > 0;
    byId('stored-files').replaceChildren(
      ...files.map(({ key, source, bytes, sha256 }) => {
        const state = sha256 === null ? 'incomplete: load it again to resume' : `SHA-256 ${sha256.slice(0, 12)}…`;
        const text = make('span', { title: sha256 ?? undefined }, `${source}, ${bytesText(bytes)}, ${state}`);
        const remove = () => {
          jobs
            .do('deleteStored', { key })
            .then(() => this.#show())
            .catch(showError);
        };
        return make('li', {}, text, makeButton('Delete', remove, { class: 'small', 'aria-label': `Delete ${source}` }));
      }),
    );
  }
}
