import { CheckpointError, type Embedder, parseModelSpecifier, type Plugin, type TrainableModel } from '@hearken/core';
import { type EmbedderDescription, headDescription } from '@hearken/core/remote';
import { openTrainable } from '@hearken/train/node';
import type { BenchmarkOptions } from './benchmark.js';
import { modelName, type NamedModel } from '@hearken/results';
import { namedModel } from '../models/index.js';
import { hashIdentity } from '@hearken/results/internal/node';
import { modelIdentity } from '@hearken/results/internal';
import { loadPluginModel } from '../plugins/load-plugin-model.js';
import { createNodeRegistry } from '../plugins/plugins.node.js';

/** Which model a run scores, and how it is loaded. */
type ModelToLoad = Pick<BenchmarkOptions, 'model' | 'checkpoint' | 'modelOptions' | 'runtime' | 'registry'> & {
  /** Where the checkpoint is on this machine, if not at its path; called when the model is loaded. */
  readonly localCheckpoint?: () => Promise<string | undefined>;
};

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
  localCheckpoint,
}: ModelToLoad): Promise<ModelLoader> {
  const { plugin: name, model } = parseModelSpecifier(specifier);
  const plugin = await registry.resolve(name);
  const options = {
    ...modelOptions,
    ...(model === undefined ? {} : { model }),
    ...(runtime === undefined ? {} : { runtime }),
  };
  const load = async () => loadPluginModel(plugin, (await localCheckpoint?.()) ?? checkpoint, options);
  const openForTraining = async () => {
    return openTrainable(plugin, (await localCheckpoint?.()) ?? checkpoint, options);
  };
  return { plugin, load, openForTraining };
}

/** A plugin, and how its model is loaded. */
export interface ModelLoader {
  readonly plugin: Plugin;
  /** Loads the model for embeddings. */
  readonly load: () => Promise<Embedder>;
  /** Opens its checkpoint to be trained. */
  readonly openForTraining: () => Promise<TrainableModel>;
}

/** What is known of a model that was loaded once. */
export interface ModelFacts {
  /** Its sample rate, sizes and provenance. */
  readonly description: EmbedderDescription;
  /** What its name is made of. */
  readonly named: NamedModel;
}

/** The model of a run. Its memory can be freed while a probe is trained, which takes longer and needs memory too. */
export class LoadedModel {
  private constructor(
    /** The plugin that loads it. */
    readonly plugin: Plugin,
    private readonly loader: Pick<ModelLoader, 'load' | 'openForTraining'>,
    private facts: ModelFacts,
    /** Undefined if it was released. */
    private embedder: Embedder | undefined,
  ) {}

  /**
   * Loads a model.
   *
   * @throws HearkenError if there is no such plugin or model, or it cannot be loaded
   */
  static async load(options: ModelToLoad): Promise<LoadedModel> {
    const { plugin, ...loader } = await modelLoader(options);
    const embedder = await loader.load();
    const named = await namedModel(plugin, embedder.provenance, options.checkpoint);
    return new LoadedModel(plugin, loader, { description: embedder, named }, embedder);
  }

  /**
   * A model that was loaded before, perhaps by another process: it is loaded when it is opened.
   *
   * @throws HearkenError if there is no such plugin
   */
  static async known(options: ModelToLoad, facts: ModelFacts): Promise<LoadedModel> {
    const { plugin, ...loader } = await modelLoader(options);
    return new LoadedModel(plugin, loader, facts, undefined);
  }

  /** Whether it is in memory. */
  get isOpen(): boolean {
    return this.embedder !== undefined;
  }

  /** What another process needs to know to treat it as {@link known}; plain JSON. */
  get plainFacts(): ModelFacts {
    const { sampleRate, channels, sceneEmbeddingSize, timestampEmbeddingSize } = this.description;
    const { minimumSceneSamples, minimumTimestampSamples, provenance } = this.description;
    const answers = headDescription(this.description);
    const sizes = { sceneEmbeddingSize, timestampEmbeddingSize, minimumSceneSamples, minimumTimestampSamples };
    const of = { sampleRate, channels, ...sizes, provenance, ...(answers === undefined ? {} : { answers }) };
    return { description: of, named: this.named };
  }

  /** What its name is made of. */
  get named(): NamedModel {
    return this.facts.named;
  }

  /** Its name, see `modelName`. */
  get name(): string {
    return modelName(this.named);
  }

  /** The embedder's properties, also after it was released. */
  get description(): EmbedderDescription {
    return this.facts.description;
  }

  /**
   * The embedder; loads it again if it was released.
   *
   * @throws CheckpointError if it is no longer the same model
   */
  async open(): Promise<Embedder> {
    if (this.embedder !== undefined) return this.embedder;
    const embedder = await this.loader.load();
    const { description, named } = this.facts;
    const [before, now] = [description, embedder].map(({ provenance }) => hashIdentity(modelIdentity(provenance)));
    if (before !== now) {
      await embedder.dispose();
      throw changedModel(this.name);
    }
    this.facts = { description: embedder, named };
    this.embedder = embedder;
    return embedder;
  }

  /**
   * Opens the model's checkpoint to be trained; the caller disposes of it.
   *
   * @throws OptionError for a model that can't be trained, CheckpointError if it is no longer the same model
   */
  async openForTraining(): Promise<TrainableModel> {
    const opened = await this.loader.openForTraining();
    const [before, now] = [this.description.provenance, opened.provenance].map((of) => of.checkpointSha256);
    if (before === now) return opened;
    await opened.dispose();
    throw changedModel(this.name);
  }

  /** Frees the embedder until it is opened again. */
  async release(): Promise<void> {
    const { embedder } = this;
    this.embedder = undefined;
    await embedder?.dispose();
  }
}

function changedModel(name: string): CheckpointError {
  return new CheckpointError({
    asked: `model ${name} for the next task`,
    found: 'a different checkpoint or plugin than at the start of the run',
    fix: 'do not change them during a run, and run again',
  });
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
