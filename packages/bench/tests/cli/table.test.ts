import { describe, expect, it } from 'vitest';
import { tableText } from '../../src/cli/table.js';

describe('tableText', () => {
  it('shows what a terminal would obey, in headings and cells', () => {
    const text = tableText(
      ['task', 'a\u001b[2Jb'],
      [
        ['tiny\u001b]0;title\u0007', '\u202e1.0'],
        ['Hüsteln', '0.5'],
      ],
      ['a\u001b[2Jb'],
    );
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(text).toContain('tiny\\x1b]0;title\\x07');
    expect(text).toContain('\\u{202e}1.0');
    expect(text).toContain('Hüsteln');
    // As wide as what is shown, so that the frame stays whole.
    expect(
      new Set(
        text
          .trimEnd()
          .split('\n')
          .map(({ length }) => length),
      ).size,
    ).toBe(1);
  });
});
