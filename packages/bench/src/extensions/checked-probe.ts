import { probeOutput } from '../probes/outputs/registry.js';
import { HearkenError, PluginError } from '@hearken/core';
import type { GridName, ProbeConfiguration } from '@hearken/results';
import { Random } from '@hearken/metrics';
import type {
  Predictions,
  Probe,
  ProbeContext,
  ProbeState,
  ProbeTask,
  RowsShape,
  TrainedProbe,
  TrainingEffort,
  TrainingOptions,
  Validation,
} from '../probes/probe.js';
import type { Rows } from '../probes/rows.js';
import { isRecord } from '@hearken/core/internal';
import type { CustomProbe, CustomProbeDefinition } from './contract.js';

/** Probabilities may be off by the rounding of float32 sums. */
const rounding = 1e-4;

/** A custom probe: parts that it leaves out get defaults, and what it returns is checked. */
export class CheckedProbe implements Probe {
  constructor(
    readonly definition: Pick<CustomProbeDefinition, 'name' | 'version'>,
    readonly custom: CustomProbe,
    readonly context: Pick<ProbeContext, 'predictionType'>,
  ) {
    const functions = ['configurations', 'train', 'predict'] as const;
    const missing = functions.filter(
      (name) => typeof (custom as Partial<CustomProbe> | undefined)?.[name] !== 'function',
    );
    if (missing.length > 0) throw this.#fault(`a probe without ${missing.join(', ')}`);
  }

  configurations(grid: GridName, task: ProbeTask, count: number, random: Random): ProbeConfiguration[] {
    const configurations: unknown = this.#attempt(() => this.custom.configurations(grid, task, count, random));
    if (!Array.isArray(configurations) || configurations.length === 0) throw this.#fault('no list of configurations');
    if (configurations.length > count) {
      throw this.#fault(`${configurations.length} configurations instead of at most ${count}`);
    }
    // A journal stores them as JSON, and recognises a training by its configuration.
    if (configurations.every((one) => isRecord(one) && isJson(one))) return configurations as ProbeConfiguration[];
    throw this.#fault('a configuration that is not an object of JSON values');
  }

  effort(train: RowsShape, configuration: ProbeConfiguration): TrainingEffort {
    const values = train.count * (train.size + train.outputs);
    if (this.custom.effort === undefined) return { bytes: 4 * values, operations: 100 * values };
    const effort = this.#attempt(() => this.custom.effort?.(train, configuration));
    if (effort !== undefined && effort.bytes >= 0 && effort.operations >= 0) return effort;
    throw this.#fault('an effort without bytes and operations');
  }

  async train<Decision>(
    train: Rows,
    validationRows: Rows,
    validation: Validation<Decision>,
    configuration: ProbeConfiguration,
    options: TrainingOptions,
  ): Promise<TrainedProbe<Decision>> {
    const random = new Random(options.seed);
    const looked = checkedValidation(validation, this.#sizes(validationRows));
    const trained = await this.#attemptAsync(
      () => this.custom.train(train, validationRows, looked, configuration, { ...options, random }),
      options.abortSignal,
    );
    const { values, arrays, validationScore, epoch, epochsTrained, details } = trained;
    if (typeof validationScore !== 'number') throw this.#fault('a training without a validationScore');
    if (!isRecord(arrays) || !Object.values(arrays).every((array) => array instanceof Float32Array)) {
      throw this.#fault('a training whose arrays are not all Float32Array');
    }
    if (!isRecord(values) || !isJson(values))
      throw this.#fault('a training whose values are not an object of JSON values');
    if (details !== undefined && !isJson(details)) throw this.#fault('a training whose details are not JSON');
    if (trained.decision === undefined) {
      throw this.#fault('a training without the decision that validation.score returned with the score');
    }
    return { ...trained, epoch: epoch ?? 1, epochsTrained: epochsTrained ?? epoch ?? 1 };
  }

  async predict(trained: ProbeState, rows: Rows): Promise<Predictions> {
    const predictions = await this.#attemptAsync(() => this.custom.predict(trained, rows));
    this.#sizes(rows)(predictions);
    return predictions;
  }

  async dispose(): Promise<void> {
    await this.custom.dispose?.();
  }

  /** Returns a function that checks the predictions for some rows. */
  #sizes(rows: Rows): (predictions: Predictions) => void {
    const values = rows.count * rows.outputs;
    return (predictions) => {
      for (const name of ['probabilities', 'logits'] as const) {
        const given: unknown = (predictions as Partial<Predictions> | undefined)?.[name];
        if (!(given instanceof Float32Array)) throw this.#fault(`predictions whose ${name} are not a Float32Array`);
        if (given.length === values) continue;
        throw this.#fault(`${given.length} ${name} for ${rows.count} rows of ${rows.outputs}`);
      }
      if (!probeOutput(this.context).isClassification) return;
      const outside = predictions.probabilities.find((value) => value < -rounding || value > 1 + rounding);
      if (outside !== undefined) throw this.#fault(`a probability of ${outside}`);
    };
  }

  #attempt<Value>(work: () => Value): Value {
    try {
      return work();
    } catch (cause) {
      throw this.#thrown(cause);
    }
  }

  async #attemptAsync<Value>(work: () => Promise<Value>, abortSignal?: AbortSignal): Promise<Value> {
    try {
      return await work();
    } catch (cause) {
      abortSignal?.throwIfAborted();
      throw this.#thrown(cause);
    }
  }

  #thrown(cause: unknown): unknown {
    if (cause instanceof HearkenError) return cause;
    return this.#fault(`it threw ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}`, cause);
  }

  #fault(found: string, cause?: unknown): PluginError {
    const { name, version } = this.definition;
    return new PluginError({ asked: `probe '${name}' ${version}`, found, fix: 'fix the probe', cause });
  }
}

/** The validation, with a check of predictions before they are scored. */
function checkedValidation<Decision>(
  validation: Validation<Decision>,
  check: (predictions: Predictions) => void,
): Validation<Decision> {
  return {
    maximize: validation.maximize,
    score(predictions) {
      check(predictions);
      return validation.score(predictions);
    },
  };
}

/** Whether a value is unchanged after a round trip through JSON. */
function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  return isRecord(value) && Object.values(value).every((part) => part === undefined || isJson(part));
}
