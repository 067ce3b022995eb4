import { FileError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { parseCampaign } from '../src/index.js';

function refused(text: string): string {
  try {
    parseCampaign(text, 'c.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(FileError);
    return (error as Error).message;
  }
  return 'accepted';
}

const rest = 'tasks: [tasks]';

describe('a campaign file', () => {
  it('has models and tasks, and scores with the usual probe', () => {
    expect(parseCampaign('models: [baseline]\ntasks: [a, b.tar.gz]', 'c.yaml')).toEqual({
      models: [{ model: 'baseline', name: 'baseline' }],
      tasks: ['a', 'b.tar.gz'],
      evaluations: [{ name: 'mlp', probe: 'mlp', grid: 'default', gridPoints: 8, seed: 0, seeds: 1 }],
    });
  });

  it('has everything else, in YAML or JSON', () => {
    const document = {
      models: [
        'baseline',
        { model: 'efficientat:mn01_as', checkpoint: 'a.pt', options: { features: ['b5'] }, weights: 'ema' },
      ],
      tasks: ['tasks'],
      evaluations: ['linear', { probe: 'mlp', grid: 'faster', gridPoints: 2, pca: 0.99, seed: 3, seeds: 5 }],
      trainFractions: [0.1, 1],
      generalization: { column: 'device', test: ['phone'] },
      skipUnreadable: true,
      extensions: ['./metric.mjs'],
      out: 'results',
      cache: 'cache',
      threads: 2,
    };
    const campaign = parseCampaign(JSON.stringify(document, undefined, '\t'), 'c.json');
    expect(campaign.evaluations.map(({ name }) => name)).toEqual([
      'linear',
      'mlp, grid faster, 2 grid points, pca 0.99, 5 seeds, seed 3',
    ]);
    expect(campaign).toMatchObject({
      ...document,
      models: [{ name: 'baseline' }, { weights: 'ema' }],
      evaluations: [{}, {}],
    });
  });

  it('takes settings from a protocol, and refuses others', () => {
    const { evaluations } = parseCampaign(`models: [a]\n${rest}\nevaluations: [{protocol: hear-2021, seeds: 2}]`, 'c');
    expect(evaluations).toEqual([expect.objectContaining({ name: 'hear-2021, 2 seeds', probe: 'mlp', seeds: 2 })]);
    expect(refused(`models: [a]\n${rest}\nevaluations:\n  - protocol: hear-2021\n    probe: knn`)).toBe(
      "campaign 'c.yaml': line 5: evaluations[0].probe is not what protocol 'hear-2021' prescribes, expected mlp; leave out probe",
    );
  });

  it("scores models' own heads, with a map of labels, names and crops", () => {
    const evaluations = [
      'head',
      { probe: 'head', labelMap: { abnormal: ['crackle', 'wheeze'], healthy: 'normal' } },
      { probe: 'head', labels: ['a', 'b'], crops: { count: 5 }, seed: 2 },
    ];
    const { evaluations: found } = parseCampaign(
      JSON.stringify({ models: ['a'], tasks: ['t'], evaluations }),
      'c.json',
    );
    expect(found.map(({ probe, gridPoints }) => [probe, gridPoints])).toEqual([
      ['head', 1],
      ['head', 1],
      ['head', 1],
    ]);
    expect(found.map(({ head }) => head)).toEqual([
      undefined,
      { labelMap: { abnormal: ['crackle', 'wheeze'], healthy: ['normal'] } },
      { names: { labels: ['a', 'b'], source: 'c.json' }, crops: { count: 5, seconds: 5, aggregate: 'mean' } },
    ]);
    expect(found[0].name).toBe('head');
    expect(found[1].name).toMatch(/^head, labels [0-9a-f]{4}$/);
    expect(found[2].name).toMatch(/^head, mean of 5 crops of 5 s, labels [0-9a-f]{4}, seed 2$/);
    const refusedOf = (evaluation: object) =>
      refused(JSON.stringify({ models: ['a'], tasks: ['t'], evaluations: [evaluation] }));
    expect(refusedOf({ probe: 'linear', crops: { count: 5 } })).toMatch(
      /evaluations\[0\].crops is there without probe 'head'/,
    );
    expect(refusedOf({ probe: 'head', crops: { count: 0 } })).toMatch(
      /evaluations\[0\].crops.count is 0, expected a whole/,
    );
    expect(refusedOf({ probe: 'head', labelMap: { a: 1 } })).toMatch(
      /evaluations\[0\].labelMap is .*, expected a label of the head/,
    );
  });

  it('tells models apart that differ in their settings alone', () => {
    const names = (models: string) => parseCampaign(`models: ${models}\n${rest}`, 'c').models.map(({ name }) => name);
    expect(names('[baseline, baseline, {model: baseline}]')).toEqual(['baseline']);
    expect(names('[baseline, {model: baseline, options: {bands: 40}}]')).toEqual(['baseline', 'baseline (bands 40)']);
    expect(names('[{model: a, checkpoint: x.pt}, {model: a, checkpoint: y.pt, weights: ema}]')).toEqual([
      'a (x.pt)',
      'a (y.pt, weights ema)',
    ]);
    expect(names('[{model: a, name: one, provider: cuda}, {model: a, name: two, provider: cpu}]')).toEqual([
      'one',
      'two',
    ]);
    expect(names('[{model: b, name: a}, {model: a, options: {x: [1, y]}}]')).toEqual(['a', 'a (x 1+y)']);
    expect(refused(`models:\n  - {model: a, name: x}\n  - {model: b, name: x}\n${rest}`)).toContain(
      "line 3: models[1] is another 'x' with other settings; give each a name of its own",
    );
  });

  it.each<[string, string]>([
    ['', 'line 1: the document is null, expected an object with models and tasks'],
    ['models: []\ntasks: [x]', 'line 1: models is an empty list, expected a list of one or more models'],
    ['models: [a]', 'line 1: tasks is missing, expected a list of one or more paths'],
    ['models: [a]\ntasks: here', 'line 2: tasks is "here", expected a list of one or more paths'],
    ['models: [a]\ntask: [x]', 'line 2: task is not a field of a campaign file; line 1: tasks is missing'],
    ['models: [a]\ntask: [x]', "did you mean 'tasks'? known fields: models, tasks,"],
    ['models:\n  - model: a\n    checkpont: b\ntasks: [x]', 'line 3: models[0].checkpont is not a field'],
    ['models:\n  - model: a\n    checkpont: b\ntasks: [x]', "did you mean 'checkpoint'?"],
    ['models: [{name: a}]\ntasks: [x]', 'models[0].model is missing, expected a model as plugin:model'],
    ['models: [3]\ntasks: [x]', 'models[0] is 3, expected a model as plugin:model, or an object with a field model'],
    [`models: [a]\n${rest}\nevaluations: [{seed: "1"}]`, 'line 3: evaluations[0].seed is "1", expected a whole number'],
    [`models: [a]\n${rest}\nevaluations: [{grid: quick}]`, 'evaluations[0].grid is "quick", expected one of default'],
    [`models: [a]\n${rest}\nevaluations: [{protocol: hear}]`, 'expected one of hear-2021'],
    [`models: [a]\n${rest}\ntrainFractions: [0.5, 2]`, 'trainFractions[1] is 2, expected a share over 0 and up to 1'],
    [`models: [{model: a, options: [1]}]\n${rest}`, 'models[0].options is [1], expected an object'],
    [`models: [a]\n${rest}\nthreads: 0`, 'threads is 0, expected a whole number from 1 to 1024'],
    ['models: [a\ntasks: [x]', 'not YAML: line '],
    ['models: [a]\nmodels: [b]\ntasks: [x]', 'not YAML: line 2: Map keys must be unique'],
    ['models: !!js/function "x"\ntasks: [x]', 'not YAML: line 1: Unresolved tag'],
    ['? [a]\n: b', 'not YAML: line 1: '],
    ['a: &a [*a]', 'not YAML: an alias for what it is part of'],
    ['\u0000\u0001PK', 'c.yaml'],
    ['['.repeat(100_000), 'not YAML: line 1: brackets nested over 32 deep'],
    ['- '.repeat(100_000), 'line 1: nested too deep'],
    [`models: [a]\n#${'x'.repeat(300_000)}`, 'characters, over the limit of 262144'],
    [
      `a: &a [x, x]\n${[...'bcdefghijk'].map((name, index) => `${name}: &${name} [${`*${'abcdefghij'[index]}, `.repeat(9)}]`).join('\n')}`,
      'Excessive alias count',
    ],
  ])('is refused: %#', (text, said) => {
    expect(refused(text)).toContain(said);
  });
});
