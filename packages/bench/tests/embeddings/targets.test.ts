import { describe, expect, it } from 'vitest';
import { eventTargets } from '../../src/kinds/event.js';
import { sceneTargets } from '../../src/kinds/scene.js';

describe('sceneTargets', () => {
  it('sets one column a label', () => {
    const clips = [
      { name: 'a', labels: ['y'], events: [] },
      { name: 'b', labels: ['x', 'z'], events: [] },
      { name: 'c', labels: [], events: [] },
    ];
    expect([...sceneTargets(clips, ['x', 'y', 'z'])]).toEqual([0, 1, 0, 1, 0, 1, 0, 0, 0]);
  });

  it('names the clip and the label that the vocabulary lacks', () => {
    expect(() => sceneTargets([{ name: 'a', labels: ['q'], events: [] }], ['x'])).toThrow(/'a'.*'q'/);
  });
});

describe('eventTargets', () => {
  it('labels a timestamp from the start to the end of an event, both included', () => {
    const clips = [
      { name: 'a', labels: [], events: [{ label: 'x', start: 50, end: 100 }] },
      {
        name: 'b',
        labels: [],
        events: [
          { label: 'y', start: 0, end: 50 },
          { label: 'x', start: 50, end: 60 },
        ],
      },
    ];
    const clipOf = Uint32Array.of(0, 0, 0, 0, 1, 1);
    const timestamps = Float64Array.of(0, 50, 100, 100.001, 0, 50);
    const targets = eventTargets(clips, ['x', 'y'], clipOf, timestamps);
    expect([...targets]).toEqual([0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 1, 1]);
  });
});
