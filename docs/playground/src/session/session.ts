import type { CheckpointRecord } from '@hearken/results';
import type { Embedder, ModelSource, Provenance } from '@hearken/core';
import type { ModelChoice } from '../models/catalogue.js';
import type { EmbeddingTable, TrainedProbe } from '../work/jobs.js';
import { type Clip, type ClipSource, type EmbeddedClip, isEmbedded } from './clip.js';

/** Events for panels. */
export type Topic = 'clips' | 'embeddings' | 'selection' | 'model' | 'probe';

export interface LoadedModel {
  readonly choice: ModelChoice;
  readonly embedder: Embedder;
  /** Where its weights were read from; absent for a model without weights. */
  readonly source?: ModelSource;
  /** The file of its weights; absent for a model without weights. */
  readonly checkpoint?: CheckpointRecord;
  /** The current backend; a lost device is replaced. */
  backend: string;
}

/** The page's state and the listeners for its changes. */
export class Session {
  readonly clips: Clip[] = [];
  model: LoadedModel | undefined;
  probe: TrainedProbe | undefined;
  /** The probe's training clips with their labels at that time and their cross-validated predictions. */
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

  /** Notifies listeners once for all changes of the current task, each in a separate task. */
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

  /** A probe is only valid for the embeddings that it was trained on. */
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

/** The concatenated embeddings of clips. */
export function tableOf(clips: readonly EmbeddedClip[]): EmbeddingTable {
  const size = clips[0]?.read.embedding.length ?? 0;
  const embeddings = new Float32Array(clips.length * size);
  clips.forEach(({ read }, row) => {
    embeddings.set(read.embedding, row * size);
  });
  return { embeddings, size };
}
