import type { CheckpointRecord } from '@hearken/bench/web';
import type { Embedder, Provenance } from '@hearken/core';
import type { ModelChoice } from '../models/catalogue.js';
import type { EmbeddingTable, TrainedProbe } from '../work/jobs.js';
import { type Clip, type ClipSource, type EmbeddedClip, isEmbedded } from './clip.js';

/** What panels hear of. */
export type Topic = 'clips' | 'embeddings' | 'selection' | 'model' | 'probe';

export interface LoadedModel {
  readonly choice: ModelChoice;
  readonly embedder: Embedder;
  /** The file that its weights are of; absent for a model without any. */
  readonly checkpoint?: CheckpointRecord;
  /** What computes it now: a lost device is replaced. */
  backend: string;
}

/** All that the page knows, and who wants to hear when it changes. */
export class Session {
  readonly clips: Clip[] = [];
  model: LoadedModel | undefined;
  probe: TrainedProbe | undefined;
  /** The clips that the probe was trained on, with the labels that they had then and what a training without each gave. */
  trainedOn = new Map<Clip, { readonly label: string; readonly prediction: string }>();
  selected: Clip | undefined;
  #count = 0;
  readonly #listeners = new Map<Topic, Set<() => void>>();
  readonly #pending = new Set<() => void>();

  on(topics: readonly Topic[], listener: () => void): void {
    for (const topic of topics) {
      const listeners = this.#listeners.get(topic) ?? new Set();
      this.#listeners.set(topic, listeners.add(listener));
    }
  }

  /** Calls who listens, once for all changes of this moment, and each in a task of its own. */
  changed(...topics: readonly Topic[]): void {
    for (const listener of topics.flatMap((topic) => [...(this.#listeners.get(topic) ?? [])])) {
      if (this.#pending.has(listener)) continue;
      this.#pending.add(listener);
      setTimeout(() => {
        this.#pending.delete(listener);
        listener();
      });
    }
  }

  addClip(name: string, source: ClipSource, label: string): Clip {
    const clip: Clip = { id: (this.#count += 1), name, source, label, state: 'waiting' };
    this.clips.push(clip);
    this.changed('clips');
    return clip;
  }

  removeClip(clip: Clip): void {
    const index = this.clips.indexOf(clip);
    if (index < 0) return;
    this.clips.splice(index, 1);
    if (this.selected === clip) this.select(this.clips[Math.min(index, this.clips.length - 1)]);
    this.changed('clips', 'embeddings');
  }

  select(clip: Clip | undefined): void {
    this.selected = clip;
    this.changed('selection');
  }

  setModel(model: LoadedModel | undefined): void {
    this.model = model;
    this.setProbe(undefined);
    this.changed('model');
  }

  /** A probe belongs to the embeddings that it was trained on. */
  setProbe(probe: TrainedProbe | undefined): void {
    this.probe = probe;
    this.trainedOn = new Map();
    for (const clip of this.clips) clip.answer = undefined;
    this.changed('probe', 'clips');
  }

  get embedded(): EmbeddedClip[] {
    return this.clips.filter(isEmbedded);
  }

  get labels(): string[] {
    return [...new Set(this.clips.map(({ label }) => label).filter((label) => label !== ''))].sort();
  }

  get provenance(): (Provenance & Pick<LoadedModel, 'checkpoint'>) | undefined {
    if (this.model === undefined) return undefined;
    const { embedder, checkpoint, backend } = this.model;
    return { ...embedder.provenance, ...(checkpoint === undefined ? {} : { checkpoint }), backend };
  }
}

/** Embeddings of clips side by side. */
export function tableOf(clips: readonly EmbeddedClip[]): EmbeddingTable {
  const size = clips[0]?.read.embedding.length ?? 0;
  const embeddings = new Float32Array(clips.length * size);
  clips.forEach(({ read }, row) => {
    embeddings.set(read.embedding, row * size);
  });
  return { embeddings, size };
}
