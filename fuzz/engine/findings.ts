import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Files } from '../mutate/files.js';

/** Something that an input must not cause. */
export interface Finding {
  readonly target: string;
  readonly seed: number;
  /** `wrong`: an untyped error or an unsound answer; `hang`: no answer; `end`: the process ended; `memory`: too much of it. */
  readonly kind: 'wrong' | 'hang' | 'end' | 'memory';
  readonly error: string;
}

/** The most findings of one kind and place that are written; the others are the same. */
const mostAlike = 3;

/** A folder of findings, each with its input. */
export class Findings {
  readonly #seen = new Map<string, number>();
  readonly all: Finding[] = [];

  constructor(readonly folder: string) {}

  async add(finding: Finding, files: Files): Promise<void> {
    this.all.push(finding);
    const alike = `${finding.target} ${finding.kind} ${placeOf(finding.error)}`;
    const count = (this.#seen.get(alike) ?? 0) + 1;
    this.#seen.set(alike, count);
    if (count > mostAlike) return;
    const folder = join(this.folder, finding.target, `${finding.seed}-${finding.kind}`);
    for (const [name, bytes] of Object.entries(files)) {
      const path = join(folder, 'input', name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    }
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'finding.json'), `${JSON.stringify(finding, undefined, 2)}\n`);
  }

  /** One of each kind, with the number of times it occurred. */
  distinct(): { readonly finding: Finding; readonly count: number }[] {
    const found = new Map<string, { finding: Finding; count: number }>();
    for (const finding of this.all) {
      const key = `${finding.target} ${finding.kind} ${placeOf(finding.error)}`;
      const known = found.get(key);
      if (known === undefined) found.set(key, { finding, count: 1 });
      else known.count += 1;
    }
    return [...found.values()];
  }
}

/** The kind of an error and where it was thrown, without the parts that vary between inputs. */
export function placeOf(error: string): string {
  const [said] = error.split('\n');
  const frame = /^\s+at .*$/m.exec(error)?.[0].trim() ?? '';
  return `${said.slice(0, 60).replaceAll(/[\d'"].*/g, '')} ${frame.replaceAll(/\?.*?:/g, ':')}`;
}
