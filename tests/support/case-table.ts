import type { Outcome } from './file-cases.js';

/** The outcomes of many cases, to show all of them if some fail. */
export class CaseTable {
  readonly #lines: string[] = [];
  #failed = 0;

  constructor(readonly title: string) {}

  add(name: string, outcome: Outcome, problems: readonly string[]): void {
    const became = 'error' in outcome ? `refused: ${outcome.error.slice(0, 140)}` : describeRead(outcome);
    if (problems.length > 0) this.#failed += 1;
    this.#lines.push(`${problems.length === 0 ? 'right' : 'WRONG'}  ${name}  ${became.replaceAll('\n', ' ')}`);
  }

  /** Prints all cases if one failed, or if `HEARKEN_PRINT_CASES` is set. */
  print(): void {
    if (this.#failed === 0 && process.env.HEARKEN_PRINT_CASES === undefined) return;
    console.log(`${this.title}: ${this.#failed} of ${this.#lines.length} wrong\n${this.#lines.sort().join('\n')}`);
  }
}

function describeRead({ rate, channels, warnings }: Exclude<Outcome, { error: string }>): string {
  const warned = warnings.length === 0 ? '' : `, with ${warnings.length} warnings`;
  return `${channels.length} x ${channels[0]?.length ?? 0} at ${rate} Hz${warned}`;
}
