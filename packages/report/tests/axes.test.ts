import { describe, expect, it } from 'vitest';
import { labelsWidth, legendHeight, shortened } from '../src/pictures/axes.js';

describe('labels of pictures', () => {
  it('keep what tells a model from others', () => {
    expect(shortened('baseline:mel (linear, melBands 16)')).toBe('baseline:mel (linear, melBands 16)');
    expect(shortened('efficientat:mn10_as_no_im_pre (linear, melBands 16)')).toBe(
      'efficientat:m… (linear, melBands 16)',
    );
    expect(shortened('a'.repeat(40))).toBe(`${'a'.repeat(35)}…`);
    expect(shortened(`a (${'b'.repeat(50)})`)).toHaveLength(36);
  });

  it('have the room that they need', () => {
    expect(labelsWidth(['a'.repeat(36)])).toBeGreaterThan(labelsWidth(['a'.repeat(20)]));
    const names = Array.from({ length: 6 }, (_, index) => `baseline:mel (linear, melBands ${index})`);
    expect(legendHeight(names.slice(0, 1), 620)).toBe(26);
    expect(legendHeight(names, 620)).toBe(3 * 40 - 14);
    expect(legendHeight(names, 300)).toBe(6 * 40 - 14);
  });
});
