import { failedContract, type Finding, isAdvice, type ValidationReport } from './finding.js';

/** Width of the narrowest common terminal. */
const columns = 80;

/** The word in front of a finding. */
function wordFor(finding: Finding): string {
  if (finding.passed) return 'passed';
  return failedContract(finding) ? 'FAILED' : 'advice';
}

/**
 * A report as text: one line for each passed check; then each reason why something failed, with everything that failed
 * for the same reason; then the counts. No colours, and no line over 80 columns unless a single word is longer.
 */
export function reportText(report: ValidationReport): string {
  const { findings } = report;
  const passed = findings.filter((finding) => finding.passed);
  const reasons = findings.filter((finding) => !finding.passed && finding.sameReasonAs === undefined);
  const failures = reasons.filter(failedContract);
  // A failure caused by advice would be confusing, so failures come first.
  const advice = reasons.filter(isAdvice);
  const lines = passed.map(({ name }) => indented(`passed  ${name}`, 8));
  const blocks = [...failures, ...advice].map((finding) => block(finding, findings));
  return `${[lines.join('\n'), ...blocks, summary(report)].filter((part) => part !== '').join('\n\n')}\n`;
}

function block(finding: Finding, findings: readonly Finding[]): string {
  const { name, expected = '', found = '', why, fix = '' } = finding;
  const same = findings.filter(({ sameReasonAs }) => sameReasonAs === name).map((other) => other.name);
  const lines = [
    // A check of the package is named after what is expected.
    ...(expected === name ? [] : [`  expected: ${expected}`]),
    `  found:    ${found}`,
    `  why:      ${why}`,
    `  to do:    ${fix}`,
    ...(same.length === 0 ? [] : [`  and so:   ${same.length} more did not pass for this reason: ${same.join('; ')}`]),
  ];
  return [indented(`${wordFor(finding)}  ${name}`, 8), ...lines.map((line) => indented(line, 12))].join('\n');
}

function summary({ model, findings, passed, failed, advice }: ValidationReport): string {
  const failures = findings.filter(failedContract);
  const reasons = failures.filter(({ sameReasonAs }) => sameReasonAs === undefined).length;
  const apart = reasons === failures.length ? '' : ` for ${reasons} reason${reasons === 1 ? '' : 's'}`;
  return `${model}: ${passed} checks passed, ${failed} failed${apart}${advice === 0 ? '' : `, ${advice} with advice`}`;
}

/** Wrapped at the last column, further lines indented by this many spaces. */
function indented(text: string, blanks: number): string {
  const lines: string[] = [];
  let line = '';
  for (const [, gap, word] of text.replace(/\n/g, ' ').matchAll(/(\s*)(\S+)/g)) {
    if (line !== '' && line.trim() !== '' && line.length + gap.length + word.length > columns) {
      lines.push(line);
      line = ' '.repeat(blanks) + word;
    } else {
      line += gap + word;
    }
  }
  return [...lines, line].join('\n');
}
