import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine } from '../../src/datasets/csv-line.js';
import { numberIn, parseTable, yesOrNo } from '../../src/datasets/parse-table.js';

describe('parseTable', () => {
  it('reads back what csvLine writes', () => {
    const cell = fc.string({ maxLength: 8 }).map((text) => text.trim());
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), (rows) => {
        const text = csvLine(['one', 'two']) + rows.map(csvLine).join('');
        const table = parseTable(text, 'a.csv', { delimiter: ',' });
        expect(table.rows.map((row) => [row.get('one'), row.get('two')])).toEqual(rows);
      }),
    );
  });

  it('takes semicolons and tabs, a byte order mark and quoted line breaks, and knows its lines', () => {
    const table = parseTable('\uFEFFfile;note\r\na.wav;"two\nlines"\r\nb.wav;x\r\n', 'a.csv', { required: ['file'] });
    expect(table.columns).toEqual(['file', 'note']);
    expect(table.rows[0].get('note')).toBe('two\nlines');
    expect(table.rows[1].fail('f', 'x').message).toBe("line 4 of 'a.csv': f; x");
    expect(parseTable('a\tb\n1\t2\n', 'a.tsv').rows[0].get('b')).toBe('2');
  });

  it('takes comments and sep= in front of the table, and still knows its lines', () => {
    const table = parseTable('# made by hand, today\r\nsep=;\r\nfile;note\r\na.wav;x, y\r\n', 'a.csv');
    expect(table.rows[0].get('note')).toBe('x, y');
    expect(table.rows[0].line).toBe(4);
  });

  it('says in its own words what is wrong with quotes', () => {
    expect(() => parseTable('a,b\n1,2"3"\n', 'x.csv')).toThrow(/a quotation mark inside a cell of line 2/);
    expect(() => parseTable('a,b\n"1,2\n', 'x.csv')).toThrow(/a quotation mark that is never closed/);
  });

  it('names the line with too many cells, and the column that is missing or there twice', () => {
    expect(() => parseTable('a,b\n1,2\n1,2,3\n', 'x.csv')).toThrow(/line 3 of 'x.csv': 3 cells for 2 columns/);
    expect(() => parseTable('fil,b\n1,2\n', 'x.csv', { required: ['file'] })).toThrow(
      /no column 'file'.*did you mean.*fil/i,
    );
    expect(() => parseTable('a,a\n1,2\n', 'x.csv')).toThrow(/two columns 'a'/);
    expect(() => parseTable('a,b\n', 'x.csv')).toThrow(/no row/);
    expect(() => parseTable('a,b\n"1,2\n', 'x.csv')).toThrow(/table 'x.csv'/);
  });

  it('reads numbers and answers, or names the line', () => {
    const [row, bad] = parseTable('n,yes,no,none\n1.5,True,0.0,\nx,maybe,0,\n', 'x.csv').rows;
    expect(numberIn(row, 'n')).toBe(1.5);
    expect([yesOrNo(row, 'yes'), yesOrNo(row, 'no'), yesOrNo(row, 'none')]).toEqual([true, false, undefined]);
    expect(() => numberIn(bad, 'n')).toThrow(/line 3.*"x" as n/);
    expect(() => yesOrNo(bad, 'yes')).toThrow(/line 3.*'maybe' as yes/);
  });
});
