import type { Clip } from '../session/clip.js';
import type { Session } from '../session/session.js';
import { byId, make, makeButton, takeDrops } from './elements.js';
import { durationText, millisecondsText, percentText } from './formats.js';

/** Rows made at once; hundreds would block the page. */
const rowsOfTask = 20;

interface Row {
  readonly item: HTMLLIElement;
  readonly label: HTMLInputElement;
  readonly state: HTMLParagraphElement;
  text: string;
}

/** The list of clips, for selecting, labelling and removing them. */
export class ClipsPanel {
  readonly #rows = new Map<Clip, Row>();
  readonly #list = byId('clip-list');
  #labels = '';

  /** @param take receives dropped or chosen files and their label */
  constructor(
    private readonly session: Session,
    take: (files: File[], label: string) => void,
  ) {
    const newLabel = byId<HTMLInputElement>('new-label');
    const input = byId<HTMLInputElement>('clip-files');
    const takeLabelled = (files: File[]) => {
      take(files, newLabel.value.trim());
    };
    input.addEventListener('change', () => {
      takeLabelled([...(input.files ?? [])]);
      input.value = '';
    });
    takeDrops(byId('clips-drop'), takeLabelled);
    session.on(['clips', 'selection'], () => {
      this.#show();
    });
  }

  #show(): void {
    const { clips, selected } = this.session;
    for (const [clip, { item }] of this.#rows) {
      if (clips.includes(clip)) continue;
      item.remove();
      this.#rows.delete(clip);
    }
    let added = 0;
    for (const clip of clips) {
      if (!this.#rows.has(clip) && (added += 1) > rowsOfTask) break;
      const row = this.#rows.get(clip) ?? this.#add(clip);
      const text = stateText(clip);
      if (row.text !== text) row.state.textContent = row.text = text;
      row.state.classList.toggle('failed', clip.state === 'failed');
      if (clip === selected) row.item.setAttribute('aria-current', 'true');
      else row.item.removeAttribute('aria-current');
    }
    byId('clips-empty').hidden = clips.length > 0;
    this.#showLabels();
    if (added > rowsOfTask) this.session.changed('clips');
  }

  #add(clip: Clip): Row {
    const { session } = this;
    const name = makeButton(
      clip.name,
      () => {
        session.select(clip);
      },
      { class: 'name', title: clip.name },
    );
    const label = make('input', {
      type: 'text',
      list: 'labels',
      maxlength: '80',
      autocomplete: 'off',
      placeholder: 'label',
      'aria-label': `Label of ${clip.name}`,
    });
    label.value = clip.label;
    label.addEventListener('change', () => {
      clip.label = label.value.trim();
      session.changed('clips', 'selection');
    });
    const remove = makeButton(
      '×',
      () => {
        session.removeClip(clip);
      },
      { class: 'small', 'aria-label': `Remove ${clip.name}` },
    );
    const state = make('p', { class: 'state' });
    const row = { item: make('li', {}, name, label, remove, state), label, state, text: '' };
    this.#rows.set(clip, row);
    this.#list.append(row.item);
    return row;
  }

  /** The labels of other clips, as suggestions. */
  #showLabels(): void {
    const { labels } = this.session;
    const text = JSON.stringify(labels);
    if (text === this.#labels) return;
    this.#labels = text;
    byId('labels').replaceChildren(...labels.map((value) => make('option', { value })));
  }
}

function stateText({ state, problem, read, answer }: Clip): string {
  if (state === 'waiting') return 'waiting';
  if (state === 'failed') return problem ?? 'failed';
  const seconds = durationText(read!.seconds);
  if (state === 'other-signal') {
    return `${seconds}, not embedded: needs ${read!.picture.kind === 'ecg' ? 'an ECG' : 'an audio'} model`;
  }
  const embedded = `${seconds}, embedded in ${millisecondsText(read!.stages.embed)}`;
  return answer === undefined ? embedded : `${embedded}; ${answer.label} ${percentText(answer.probability)}`;
}
