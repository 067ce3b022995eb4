import { drawEcgPaper } from '../drawing/ecg-paper.js';
import { drawEmbedding } from '../drawing/embedding-strip.js';
import { drawSpectrogram } from '../drawing/spectrogram.js';
import { drawWaveform } from '../drawing/waveform.js';
import { type Clip, isEmbedded } from '../session/clip.js';
import { type Session, tableOf } from '../session/session.js';
import type { JobClient } from '../work/job-client.js';
import type { ReadClip } from '../work/jobs.js';
import { byId, make, makeButton, showFacts } from './elements.js';
import { durationText, millisecondsText } from './formats.js';
import { showError } from './messages.js';
import { isPlaying, playClip, stopPlaying } from './player.js';

const neighbourCount = 5;

/** The selected clip: its pictures, timings and nearest clips. */
export class ClipPanel {
  #drawing = 0;

  constructor(
    private readonly session: Session,
    private readonly jobs: () => Promise<JobClient>,
  ) {
    byId('clip-play').addEventListener('click', () => {
      this.#togglePlaying();
    });
    session.on(['selection'], () => {
      this.#show();
    });
    session.on(['selection', 'embeddings'], () => {
      this.#showNeighbours().catch(showError);
    });
    const redraw = () => {
      session.changed('selection');
    };
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
    let width = innerWidth;
    addEventListener('resize', () => {
      if (innerWidth !== width) redraw();
      width = innerWidth;
    });
  }

  #show(): void {
    const clip = this.session.selected;
    const read = clip?.read;
    byId('clip-view').hidden = read === undefined;
    byId('clip-empty').hidden = read !== undefined;
    if (clip === undefined || read === undefined) return;
    byId('clip-name').textContent = clip.label === '' ? clip.name : `${clip.name}: ${clip.label}`;
    byId('clip-play').hidden = clip.source.kind !== 'audio';
    this.#showFacts(read);
    this.#draw(read);
  }

  /** Draws each picture in a separate frame, so that the page stays responsive. */
  #draw(read: ReadClip): void {
    const { picture, embedding, seconds } = read;
    const isEcg = picture.kind === 'ecg';
    byId('ecg-figure').hidden = !isEcg;
    byId('waveform-figure').hidden = byId('log-mel-figure').hidden = isEcg;
    byId('embedding-figure').hidden = embedding === undefined;
    const steps: (() => void)[] = [];
    if (picture.kind === 'ecg') {
      steps.push(() => {
        drawEcgPaper(byId('ecg'), picture);
      });
    } else {
      byId('log-mel-range').textContent =
        `40 Hz to ${(picture.highFrequency / 1000).toFixed(1)} kHz, ${durationText(seconds)}`;
      steps.push(() => {
        drawWaveform(byId('waveform'), picture.peaks);
      });
      steps.push(() => {
        drawSpectrogram(byId('log-mel'), picture.logMel, picture.bands);
      });
    }
    if (embedding !== undefined) {
      byId('embedding-size').textContent = `${embedding.length} values; blue is below and red above their mean`;
      steps.push(() => {
        drawEmbedding(byId('embedding'), embedding);
      });
    }
    const drawing = (this.#drawing += 1);
    const next = () => {
      if (drawing !== this.#drawing) return;
      steps.shift()?.();
      if (steps.length > 0) requestAnimationFrame(next);
    };
    next();
  }

  #showFacts(read: ReadClip): void {
    const { provenance, warnings } = read;
    showFacts(byId('clip-facts'), [
      ['Length', `${durationText(read.seconds)} at ${read.sampleRate} Hz`],
      ['Took', stagesText(read)],
      ...(provenance === undefined ? [['Embedding', noEmbedding] as const] : []),
      ...(provenance === undefined ? [] : ([['Backend', provenance.backend]] as const)),
      ...warnings.map((warning) => ['Note', warning] as const),
    ]);
  }

  async #showNeighbours(): Promise<void> {
    const { selected, embedded } = this.session;
    const list = byId('neighbours');
    const title = byId('neighbours-title');
    const index = embedded.findIndex((clip) => clip === selected);
    title.hidden = list.hidden = index < 0 || embedded.length < 2;
    if (list.hidden) return;
    const ask = { ...tableOf(embedded), index, count: neighbourCount };
    const found = await (await this.jobs()).do('neighbours', ask);
    if (this.session.selected !== selected) return;
    list.replaceChildren(
      ...found.flatMap(({ index: other, similarity }) => {
        const clip: Clip = embedded[other];
        if (!isEmbedded(clip)) return [];
        const choose = makeButton(
          clip.name,
          () => {
            this.session.select(clip);
          },
          { class: 'small' },
        );
        return [make('li', {}, make('span', {}, similarity.toFixed(3)), choose, clip.label)];
      }),
    );
  }

  #togglePlaying(): void {
    const clip = this.session.selected;
    const button = byId('clip-play');
    if (clip === undefined) return;
    if (isPlaying(clip)) {
      stopPlaying();
      return;
    }
    button.textContent = 'Stop';
    playClip(clip, () => {
      button.textContent = 'Play';
    });
  }
}

const noEmbedding = 'none, because the loaded model takes another kind of signal; load one for this kind';

function stagesText({ stages, embedding }: ReadClip): string {
  const decode = `decode ${millisecondsText(stages.decode)}`;
  if (embedding === undefined) return decode;
  return `${decode}, resample ${millisecondsText(stages.resample)}, embed ${millisecondsText(stages.embed)}`;
}
