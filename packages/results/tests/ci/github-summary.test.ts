import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { checkThresholds } from '../../src/ci/check-thresholds.js';
import { githubSummary } from '../../src/ci/github-summary.js';
import { parseThreshold } from '../../src/ci/threshold.js';
import { failed, scored } from './outcomes.js';

function summary(outcomes: Parameters<typeof githubSummary>[0], ...thresholds: string[]): string {
  return githubSummary(outcomes, checkThresholds(thresholds.map(parseThreshold), outcomes).missed);
}

describe('githubSummary', () => {
  it('has a row for each model and task', () => {
    const text = summary([scored(), scored({ model: 'large', score: null })]);
    expect(text).toMatch(/^## Hearken: passed\n\n\| {2}\| model \| task \|/);
    const rows = text.split('\n').filter((line) => line.startsWith('| ✅'));
    expect(rows).toEqual([
      expect.stringContaining(
        '| made:small | tones\\-v1\\-full | mlp, 8 points of grid fast, seed 0 | top1\\_acc | 0.7500 | 0.7000 to 0.8000 |',
      ),
      expect.stringContaining(
        '| made:large | tones\\-v1\\-full | mlp, 8 points of grid fast, seed 0 | top1\\_acc | \\- | \\- |',
      ),
    ]);
  });

  it('marks and lists what failed', () => {
    const text = summary([scored(), failed()], 'top1_acc>=0.8', 'mAP>=0');
    expect(text).toContain('## Hearken: 3 of the checks failed');
    expect(text.split('\n').filter((line) => line.startsWith('| ❌'))).toHaveLength(2);
    expect(text.split('\n').filter((line) => line.startsWith('- '))).toEqual([
      '- made:small on noises\\-v1\\-full: it broke',
      '- made:small on tones\\-v1\\-full \\(mlp, 8 points of grid fast, seed 0\\): top1\\_acc is 0.75, wanted \\>= 0.8',
      '- mAP\\>=0: no result with a score of mAP: the tasks have top1\\_acc',
    ]);
  });

  it('takes no markup from names and messages', () => {
    const evil = '<img src=x>|`a`\n| b |\n# head [l](https://x.test) @someone \u001b[1m';
    const text = summary([scored({}, { task: evil, model: evil }), failed(evil, { task: evil, model: evil })]);
    const html = marked.parse(text, { async: false });
    expect(html.match(/<tr>/g)).toHaveLength(3);
    expect(html.match(/<td/g)).toHaveLength(18);
    expect(html).not.toMatch(/<(?:img|a|code|h1)\b/);
    expect(text).not.toContain('@someone');
    expect(text).not.toContain('\u001b');
  });

  it('stays below what GitHub shows', () => {
    const many = Array.from({ length: 5000 }, (_, index) => failed('x'.repeat(9000), { task: `task${index}` }));
    const text = summary(many);
    expect(Buffer.byteLength(text)).toBeLessThan(2 ** 20);
    expect(text).toContain('4000 more rows');
    expect(text).toContain('4800 more failed');
  });
});
