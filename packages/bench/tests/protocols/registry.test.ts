import { readdir } from 'node:fs/promises';
import { OptionError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { hearTasks } from '@hearken/tasks';
import { metricByName } from '@hearken/metrics';
import { probeNames } from '../../src/probes/registry.js';
import { asksFor, tasksOf } from '@hearken/results/internal';
import { protocolByName, protocols } from '@hearken/results';

const machinery = ['aggregate.ts', 'collect-scores.node.ts', 'index.ts', 'protocol.ts', 'registry.ts'];

describe('protocols', () => {
  it('are the files of their folder', async () => {
    const files = await readdir(new URL('../../../results/src/protocols', import.meta.url));
    const named = files.filter((file) => !machinery.includes(file)).map((file) => file.replace('.ts', ''));
    expect(protocols.map(({ name }) => name).sort()).toEqual(named.sort());
  });

  it.each(protocols.map((protocol) => [protocol.name, protocol] as const))('%s is sound', (_name, protocol) => {
    const tasks = tasksOf(protocol);
    expect(new Set(tasks.map(({ title }) => title)).size).toBe(tasks.length);
    expect(probeNames()).toContain(protocol.evaluation.probe);
    expect(protocol.source).toMatch(/\d{4}/);
    for (const { metric, folders } of tasks) {
      expect(() => metricByName(metric)).not.toThrow();
      expect(folders.length).toBeGreaterThan(0);
    }
    if (protocol.aggregation === 'normalized') {
      expect(tasks.every(({ title }) => hearTasks.some((task) => task.title === title))).toBe(true);
    }
  });

  it('have the sizes of their papers', () => {
    const sizes = (name: string) => protocolByName(name).groups.map(({ tasks }) => tasks.length);
    expect(tasksOf(protocolByName('hear-2021'))).toHaveLength(19);
    expect(sizes('hear-health')).toEqual([13, 14, 6]);
    expect(sizes('opera')).toEqual([12]);
    expect(protocolByName('hear-2021').evaluation.probe).toBe('mlp');
  });

  it('say where a published number was selected on test', () => {
    expect(protocolByName('icbhi').notes.join(' ')).toMatch(/62\.37.*selected on the test split/);
  });

  it('ask for folders by name and, where that matters, mode', () => {
    const hear = protocolByName('hear-2021');
    expect(asksFor(hear, { taskName: 'nsynth_pitch', mode: '5h' })).toBe(true);
    expect(asksFor(hear, { taskName: 'nsynth_pitch', mode: 'small' })).toBe(false);
    expect(asksFor(protocolByName('icbhi'), { taskName: 'icbhi_4class_official', mode: 'full' })).toBe(true);
  });

  it('are found by name, and a mistyped one nearly', () => {
    expect(() => protocolByName('hear-2012')).toThrow(OptionError);
    expect(() => protocolByName('hear-2012')).toThrow(/did you mean 'hear-2021'/);
  });
});
