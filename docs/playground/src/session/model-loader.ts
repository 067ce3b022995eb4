import type { LoadOptions, ModelSource } from '@hearken/core';
import type { RemoteModels } from '@hearken/core/remote';
import { OptionError } from '@hearken/core';
import type { ModelChoice } from '../models/catalogue.js';
import type { Session } from './session.js';

export interface LoadRequest {
  /** Files, or the URL of one. */
  readonly source?: readonly File[] | string;
  readonly precision?: string;
  /** '' leaves the choice to the runtime. */
  readonly provider: string;
  readonly onDownload: (received: number, total: number | undefined) => void;
}

/** Loads models into the worker one at a time, because two may not fit into a tab's memory. */
export class ModelLoader {
  #running: AbortController | undefined;

  constructor(
    private readonly session: Session,
    private readonly models: () => Promise<RemoteModels>,
  ) {}

  cancel(): void {
    this.#running?.abort(new DOMException('cancelled', 'AbortError'));
  }

  /** @throws what the plugin's `loadModel` throws; OptionError if no checkpoint was chosen */
  async load(choice: ModelChoice, { source, precision, provider, onDownload }: LoadRequest): Promise<void> {
    if (choice.checkpoint !== undefined && source === undefined) {
      const fix = `choose ${choice.checkpoint.files}`;
      throw new OptionError({ asked: choice.title, found: 'no checkpoint', fix });
    }
    const controller = new AbortController();
    this.cancel();
    this.#running = controller;
    const options: LoadOptions = {
      ...(choice.model === undefined ? {} : { model: choice.model }),
      ...(precision === undefined || precision === 'fp32' ? {} : { precision }),
      runtime: {
        ...(provider === '' ? {} : { executionProvider: provider as 'wasm' }),
        onDownload,
        abortSignal: controller.signal,
      },
    };
    try {
      const models = await this.models();
      const previous = this.session.model;
      this.session.setModel(undefined);
      await previous?.embedder.dispose();
      const from = modelSource(source);
      const embedder = await models.loadModel(choice.plugin, from, options);
      const { backend } = embedder.provenance;
      // A page recognises the published file only by its hash, wherever it came from.
      const checkpoint =
        source === undefined ? {} : { source: from!, checkpoint: { file: fileOf(source), published: false } };
      this.session.setModel({ choice, embedder, ...checkpoint, backend });
    } finally {
      if (this.#running === controller) this.#running = undefined;
    }
  }
}

/** Of several files, the weights are the ones that are not JSON. */
function fileOf(source: NonNullable<LoadRequest['source']>): string {
  if (typeof source === 'string') return new URL(addressOf(source)).pathname.split('/').at(-1) ?? '';
  return (source.find(({ name }) => !name.endsWith('.json')) ?? source[0])?.name ?? '';
}

/** A single file is a checkpoint with any name; several files are a folder. */
function modelSource(source: LoadRequest['source']): ModelSource | undefined {
  if (source === undefined) return undefined;
  if (typeof source === 'string') return addressOf(source);
  return source.length === 1 ? source[0] : source;
}

function addressOf(text: string): string {
  try {
    return new URL(text, location.href).href;
  } catch (cause) {
    const fix = 'enter one that starts with https://';
    throw new OptionError({ asked: `a checkpoint from '${text}'`, found: 'not a URL', fix, cause });
  }
}
