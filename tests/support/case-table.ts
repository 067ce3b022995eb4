import type { Outcome } from './file-cases.js';

/** What became of many cases, for a look at all of them when some went wrong. */
export class CaseTable {
  readonly #lines: string[] = [];
  #failed = 0;

  constructor(readonly title: string) {}

  add(name: string, outcome: Outcome, problems: readonly string[]): void {
    const became = 'error' in outcome ? `refused: ${outcome.error.slice(0, 140)}` : describeRead(outcome);
    if (problems.length > 0) this.#failed += 1;
    this.#lines.push(`${problems.length === 0 ? 'right' : 'WRONG'}  ${name}  ${became.replaceAll('\n', ' ')}`);
  }

  /** Prints all cases where one went wrong, or where `HEARKEN_PRINT_CASES` asks for them. */
  print(): void {
    if (this.#failed === 0 && process.env.HEARKEN_PRINT_CASES === undefined) return;
    console.log(`${this.title}: ${this.#failed} of ${this.#lines.length} wrong\n${this.#lines.sort().join('\n')}`);
  }
}

function describeRead({ rate, channels, warnings }: Exclude<Outcome, { error: string }>): string {
  const warned = warnings.length === 0 ? '' : `, with ${warnings.length} warnings`;
  return `${channels.length} x ${channels[0]?.length ?? 0} at ${rate} Hz${warned}`;
}
