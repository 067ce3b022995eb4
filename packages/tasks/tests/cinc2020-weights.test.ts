import { TaskError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { parseCinc2020Weights } from '../src/cinc2020-weights.node.js';

describe('the weights of CinC 2020', () => {
  it('are read from a square table, with codes of one diagnosis side by side', () => {
    const text = ',a,b|b2,c\na,1,0.5,0.2\nb|b2,0.5,1,0.3\nc,0.1,0.3,1\n';
    expect(parseCinc2020Weights(text, 'weights.csv')).toEqual({
      diagnoses: [['a'], ['b', 'b2'], ['c']],
      weights: [
        [1, 0.5, 0.2],
        [0.5, 1, 0.3],
        [0.1, 0.3, 1],
      ],
    });
  });

  it.each([
    ['', 'square'],
    [',a,b\na,1,0\n', 'square'],
    [',a,b\nb,1,0\na,0,1\n', 'same order'],
    [',a,b\na,1,x\nb,0,1\n', "'x' in row 'a', column 'b'"],
    [',a,a\na,1,0\na,0,1\n', "'a' twice"],
    [',a,b\na,1\nb,0,1\n', /Invalid Record Length|2 cells in line 2/],
  ])('refuses %j', (wrong, message) => {
    expect(() => parseCinc2020Weights(wrong, 'weights.csv')).toThrow(TaskError);
    expect(() => parseCinc2020Weights(wrong, 'weights.csv')).toThrow(message);
  });
});
