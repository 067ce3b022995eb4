import { Option, type Command } from 'commander';
import { loadExtensions } from '../extensions/load-extensions.node.js';
import type { Extensions } from '../extensions/extensions.js';
import { collected } from './repeated-options.js';
import type { Task } from '@hearken/tasks';

/**
 * Keeps track of which extensions are used: without a warning, a metric that no task names would be silently ignored.
 */
export class ExtensionUse {
  readonly #extensions: Extensions;
  readonly #probes: readonly string[];
  readonly #evaluations = new Set<string>();
  #tasks = 0;

  /** @param probes the probes that are trained */
  constructor(extensions: Extensions, probes: readonly string[]) {
    this.#extensions = extensions;
    this.#probes = probes;
  }

  /** Records the metrics of a task; always returns true. */
  sees({ metadata }: Pick<Task, 'metadata'>): boolean {
    for (const name of metadata.evaluation) this.#evaluations.add(name);
    this.#tasks += 1;
    return true;
  }

  /** One line for each loaded metric and probe that is not used, once all tasks are known. */
  warnings(): string[] {
    if (this.#tasks === 0) return [];
    const { metrics = [], probes = [] } = this.#extensions;
    const unused = metrics.filter(({ name }) => !this.#evaluations.has(name));
    const isProbeUsed = probes.some(({ name }) => this.#probes.includes(name));
    if ((metrics.length > 0 && unused.length < metrics.length) || isProbeUsed) return [];
    return [
      ...unused.map(({ name }) => `Warning: no task uses '${name}': add it to a task's evaluation`),
      ...probes.map(({ name }) => `Warning: probe '${name}' is not used: choose it with --probe ${name}`),
    ];
  }
}

/** The value of `--extension`. */
export interface ExtensionOption {
  readonly extension: readonly string[];
}

/** Adds `--extension`, which can be repeated. */
export function addExtensionOption(command: Command, what: string): Command {
  const help = `${what}: a JavaScript file or an installed package, whose code is run; can be repeated`;
  return command.addOption(collected(new Option('--extension <module>', help)).default([]));
}

/** Loads the modules that `--extension` names. */
export function extensionsOfOption({ extension }: ExtensionOption): Promise<Extensions> {
  return loadExtensions(extension);
}
