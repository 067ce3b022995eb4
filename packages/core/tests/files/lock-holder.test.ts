import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holderState, ownRecord, parseRecord, recordText } from '../../src/files/lock-holder.node.js';

describe('records of locks', () => {
  it('are read as they were written, and no two are the same', () => {
    const record = ownRecord('node 7');
    expect(record).toMatchObject({ process: process.pid, host: 'node-7' });
    expect(parseRecord(recordText(record))).toEqual(record);
    expect(ownRecord('node 7').token).not.toBe(record.token);
  });

  it('are nothing else, whatever the file holds', () => {
    for (const text of ['', ' ', '0 host', '-1 host', '12', '1.5 host', '99999999999 host', 'x host']) {
      expect(parseRecord(text)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        const record = parseRecord(text);
        expect(record === undefined || Number.isSafeInteger(record.process)).toBe(true);
      }),
    );
  });
});

describe('holderState', () => {
  const own = ownRecord();
  const parent = { ...own, process: process.ppid, began: '-' };

  it('asks the system about processes of this host alone', () => {
    expect(holderState(parent, own)).toBe('living');
    expect(holderState({ ...parent, process: spawnSync(process.execPath, ['-e', '']).pid }, own)).toBe('dead');
    expect(holderState({ ...parent, host: 'elsewhere.example' }, own)).toBe('unknown');
  });

  it('takes its own number for that of a process before it', () => {
    expect(holderState({ ...own, token: 'other' }, own)).toBe('dead');
  });

  it.skipIf(own.place === '-')('knows a number that went to another process, and another container or start', () => {
    expect(holderState({ ...parent, began: '1' }, own)).toBe('dead');
    expect(holderState({ ...parent, place: 'another/1' }, own)).toBe('unknown');
    expect(holderState({ ...parent, place: '-' }, own)).toBe('living');
  });
});
