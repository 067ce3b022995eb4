import type { Extensions } from '../extensions/extensions.js';
import type { Task } from '@hearken/tasks';

/** Watches which extensions a run has use for: a metric that no task names would be left out without a word. */
export class ExtensionUse {
  readonly #extensions: Extensions;
  readonly #probe: string;
  readonly #evaluations = new Set<string>();
  #tasks = 0;

  /** @param probe the one that is trained */
  constructor(extensions: Extensions, probe: string) {
    this.#extensions = extensions;
    this.#probe = probe;
  }

  /** Takes down what a task is scored by; always true. */
  sees({ metadata }: Pick<Task, 'metadata'>): boolean {
    for (const name of metadata.evaluation) this.#evaluations.add(name);
    this.#tasks += 1;
    return true;
  }

  /** A line for each metric and probe that is loaded and not used, once all tasks were seen. */
  warnings(): string[] {
    if (this.#tasks === 0) return [];
    const { metrics = [], probes = [] } = this.#extensions;
    const unused = metrics.filter(({ name }) => !this.#evaluations.has(name));
    const isProbeUsed = probes.some(({ name }) => name === this.#probe);
    if ((metrics.length > 0 && unused.length < metrics.length) || isProbeUsed) return [];
    return [
      ...unused.map(({ name }) => `Warning: no task asks for '${name}': name it in a task's evaluation`),
      ...probes.map(({ name }) => `Warning: probe '${name}' is not used: choose it with --probe ${name}`),
    ];
  }
}
