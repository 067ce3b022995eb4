import { HearkenError } from '@hearken/core';
import type { JobClient } from '../work/job-client.js';
import type { ReadClip } from '../work/jobs.js';
import type { Clip, ClipSource } from './clip.js';
import type { Session } from './session.js';

/** Events for the page while clips are embedded. */
export interface QueueReport {
  progress(done: number, total: number, name: string): void;
  failed(error: unknown, source: ClipSource): void;
  finished(): void;
  backendChanged(backend: string): void;
}

/** Why a clip is stopped that will be embedded again. */
const anew = new DOMException('another model', 'AbortError');

function foundBy(error: unknown): string {
  if (error instanceof HearkenError) return error.found;
  return error instanceof Error ? error.message : String(error);
}

/** Dropped files, their rows in the list, and the label for rows that are added later. */
interface Dropped {
  readonly source: ClipSource;
  readonly clips: Clip[];
  readonly label: string;
}

/** Embeds dropped files one after the other. */
export class EmbeddingQueue {
  #waiting: Dropped[] = [];
  #current: Dropped | undefined;
  #running: AbortController | undefined;
  #done = 0;

  constructor(
    private readonly session: Session,
    private readonly jobs: JobClient,
    private readonly report: QueueReport,
  ) {}

  /** @param label for the clips found in ECG files */
  add(source: ClipSource, label: string): void {
    const clips = source.kind === 'audio' ? [this.session.addClip(source.files[0].name, source, label)] : [];
    this.#waiting.push({ source, clips, label });
    void this.#run();
  }

  /** Embeds all clips again with another model. */
  again(): void {
    this.#running?.abort(anew);
    const sources = new Set(this.session.clips.map(({ source }) => source));
    for (const clip of this.session.clips) clip.state = 'waiting';
    const known = [...sources].map((source) => {
      const clips = this.session.clips.filter((clip) => clip.source === source);
      return { source, clips, label: '' };
    });
    // ECGs that have not been read yet have no row.
    const unread = [...(this.#current === undefined ? [] : [this.#current]), ...this.#waiting];
    this.#waiting = [...known, ...unread.filter(({ source }) => !sources.has(source))];
    this.session.changed('clips', 'embeddings');
    void this.#run();
  }

  /** Drops clips that are not embedded yet. */
  stop(): void {
    for (const { clips } of this.#waiting) for (const clip of clips) this.session.removeClip(clip);
    this.#waiting = [];
    this.#running?.abort(new DOMException('stopped', 'AbortError'));
  }

  async #run(): Promise<void> {
    if (this.#running !== undefined) return;
    this.#done = 0;
    for (;;) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#current = next;
      const { source } = next;
      this.report.progress(this.#done, this.#done + 1 + this.#waiting.length, source.files[0].name);
      this.#running = new AbortController();
      try {
        const options = { abortSignal: this.#running.signal };
        const read =
          source.kind === 'audio'
            ? [await this.jobs.do('embedAudio', { file: source.files[0] }, options)]
            : await this.jobs.do('embedEcg', { files: [...source.files] }, options);
        options.abortSignal.throwIfAborted();
        for (const clip of read) this.#take(clip, next);
      } catch (error) {
        this.#fail(error, next);
      }
      this.#done += 1;
      this.session.changed('clips', 'embeddings');
    }
    this.#running = this.#current = undefined;
    this.report.finished();
  }

  #take(read: ReadClip, { source, clips, label }: { source: ClipSource; clips: Clip[]; label: string }): void {
    const { session } = this;
    const clip = clips.find(({ name }) => name === read.name) ?? session.addClip(read.name, source, label);
    if (!session.clips.includes(clip)) return;
    clip.read = read;
    clip.problem = undefined;
    clip.state = read.embedding === undefined ? 'other-signal' : 'embedded';
    const { model } = session;
    if (model !== undefined && read.provenance !== undefined && read.provenance.backend !== model.backend) {
      model.backend = read.provenance.backend;
      this.report.backendChanged(model.backend);
      session.changed('model');
    }
    if (session.selected === undefined) session.select(clip);
    else if (session.selected === clip) session.changed('selection');
  }

  #fail(error: unknown, { source, clips, label }: { source: ClipSource; clips: readonly Clip[]; label: string }): void {
    const { signal } = this.#running!;
    if (signal.reason === anew) return;
    const stopped = signal.aborted;
    // An ECG has no row before it is read.
    const shown = clips.length > 0 || stopped ? clips : [this.session.addClip(source.files[0].name, source, label)];
    for (const clip of shown) {
      // Clips that were never read are not in the list.
      if (stopped && clip.read === undefined) this.session.removeClip(clip);
      clip.state = 'failed';
      clip.problem = stopped ? 'stopped' : `could not be read: ${foundBy(error)}`;
    }
    if (!stopped) this.report.failed(error, source);
  }
}
