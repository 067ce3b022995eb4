import { expect, it } from 'vitest';
import { noStopTexts, stoppedText, stoppingText, usualStopTexts, workerStopTexts } from '../../src/cli/streams.js';

it('says how to quit now, by the signal that stopped the command', () => {
  expect(stoppingText(usualStopTexts, 'SIGINT')).toBe(
    '\nStopping after the current step. Press Ctrl-C again to quit now.\n',
  );
  expect(stoppingText(workerStopTexts, 'SIGTERM')).toBe(
    '\nStopping: the jobs at hand end within seconds and go back to the queue. Send SIGTERM again to quit now. ' +
      'Other workers then take its jobs after one to two minutes.\n',
  );
});

it('does not say that a worker continues from there, and nothing where nothing is lost', () => {
  expect(stoppedText(workerStopTexts)).not.toContain('same command');
  expect(stoppedText(noStopTexts) + stoppingText(noStopTexts, 'SIGINT')).toBe('');
});
