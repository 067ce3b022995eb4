import { CheckpointError, parseModelSpecifier, type Embedder, type Plugin } from '@hearken/core';
import type { BenchmarkOptions } from './benchmark.js';
import { modelName, type NamedModel } from '@hearken/results';
import { namedModel } from '../models/index.js';
import { hashIdentity } from '@hearken/results/internal/node';
import { modelIdentity } from '@hearken/results/internal';
import { loadPluginModel } from '../plugins/load-plugin-model.js';
import { createNodeRegistry } from '../plugins/plugins.node.js';

/** Which model a run scores, and how it is loaded. */
type ModelToLoad = Pick<BenchmarkOptions, 'model' | 'checkpoint' | 'modelOptions' | 'runtime' | 'registry'>;

/**
 * The plugin of a model, and what loads it.
 *
 * @throws HearkenError if there is no such plugin
 */
export async function modelLoader({
  model: specifier,
  checkpoint,
  modelOptions,
  runtime,
  registry = createNodeRegistry(),
}: ModelToLoad): Promise<{ readonly plugin: Plugin; readonly load: () => Promise<Embedder> }> {
  const { plugin: name, model } = parseModelSpecifier(specifier);
  const plugin = await registry.resolve(name);
  const options = {
    ...modelOptions,
    ...(model === undefined ? {} : { model }),
    ...(runtime === undefined ? {} : { runtime }),
  };
  return { plugin, load: () => loadPluginModel(plugin, checkpoint, options) };
}

/** The model of a run. Its memory can be freed while a probe is trained, which takes longer and needs memory too. */
export class LoadedModel {
  #isOpen = true;

  private constructor(
    readonly plugin: Plugin,
    private readonly load: () => Promise<Embedder>,
    private embedder: Embedder,
    /** What its name is made of. */
    readonly named: NamedModel,
  ) {}

  /** @throws HearkenError if there is no such plugin or model, or it cannot be loaded */
  static async load(options: ModelToLoad): Promise<LoadedModel> {
    const { plugin, load } = await modelLoader(options);
    const embedder = await load();
    return new LoadedModel(plugin, load, embedder, await namedModel(plugin, embedder.provenance, options.checkpoint));
  }

  /** Its name, see `modelName`. */
  get name(): string {
    return modelName(this.named);
  }

  /** The embedder's properties, also after it was released. */
  get description(): Omit<Embedder, 'embedScenes' | 'embedTimestamps' | 'dispose'> {
    return this.embedder;
  }

  /**
   * The embedder; loads it again if it was released.
   *
   * @throws CheckpointError if it is no longer the same model
   */
  async open(): Promise<Embedder> {
    if (this.#isOpen) return this.embedder;
    const embedder = await this.load();
    const [before, now] = [this.embedder, embedder].map(({ provenance }) => hashIdentity(modelIdentity(provenance)));
    if (before !== now) {
      await embedder.dispose();
      throw new CheckpointError({
        asked: `model ${this.name} for the next task`,
        found: 'a different checkpoint or plugin than at the start of the run',
        fix: 'do not change them during a run, and run again',
      });
    }
    this.embedder = embedder;
    this.#isOpen = true;
    return embedder;
  }

  /** Frees the embedder until it is opened again. */
  async release(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.embedder.dispose();
  }
}

/** The model of the run, and whether this is the last task that needs it. */
export interface ModelInUse {
  readonly model: LoadedModel;
  readonly isLast: boolean;
  /** Share of the training clips; default: all. */
  readonly trainFraction?: number;
  /** Compute all embeddings again, including cached ones. */
  readonly discardCache?: boolean;
}
