import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import {
  type Dimension,
  GraphBuilder,
  onnxValueText as headerText,
  readOnnxHeader,
  selfContainedModel,
} from '@hearken/onnx';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../src/cli.js';
import { featureLayout } from '../src/feature-layout.js';
import { foundInOnnx } from '../src/onnx-choices.js';
import { onnxValueText, readOnnxSignature } from '../src/read-onnx-signature.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'from-onnx-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface MadeUp {
  readonly input?: readonly Dimension[];
  readonly outputs?: Readonly<Record<string, readonly Dimension[]>>;
  readonly inputName?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

async function write(name: string, made: MadeUp = {}): Promise<string> {
  const { input = ['n', 'samples'], outputs = { embedding: ['n', 8] }, inputName = 'wave', metadata = {} } = made;
  const graph = new GraphBuilder('made-up');
  const signal = graph.node('Mul', [graph.input(inputName, input), graph.constant(new Float32Array(40_000), [40_000])]);
  for (const [output, shape] of Object.entries(outputs)) graph.output(output, graph.node('Neg', [signal]), shape);
  const { model } = await selfContainedModel(graph.build(), () => Promise.reject(new Error()), 'x', metadata);
  const path = join(folder, `${name}.onnx`);
  await writeFile(path, model);
  return path;
}

async function create(path: string, args: string[], answers?: string[]) {
  const text = { out: '', err: '' };
  const stdin = Object.assign(new PassThrough(), { isTTY: answers !== undefined });
  const remaining = [...(answers ?? [])];
  const stream = (name: 'out' | 'err') =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        text[name] += chunk.toString();
        if (name === 'out' && chunk.toString().trimEnd().endsWith(':') && remaining.length > 0) {
          stdin.write(`${remaining.shift()}\n`);
        }
        done();
      },
    });
  const target = await mkdtemp(join(folder, 'made-'));
  const yes = answers === undefined ? ['--yes'] : [];
  const all = ['my-model', '--folder', target, '--from', path, ...args, ...yes];
  const status = await main(all, { stdin, stdout: stream('out'), stderr: stream('err') });
  const manifest = await readFile(join(target, 'src/manifest.ts'), 'utf8').catch(() => '');
  return { status, ...text, target, manifest };
}

describe('readOnnxSignature', () => {
  it('reads what @hearken/onnx reads, without the weights', async () => {
    const metadata = { sampleRate: '16000', channels: '1' };
    for (const input of [['samples'], [1, 16_000], ['n', 12, 'samples'], ['n', 1, 64, 'frames']] as Dimension[][]) {
      const path = await write('same', { input, metadata, outputs: { a: ['n', 3], embedding: ['n', 't', 5] } });
      const bytes = await readFile(path);
      const [signature, header] = [await readOnnxSignature(path), readOnnxHeader(bytes, path)];
      expect(signature.inputs.map((value) => onnxValueText(value))).toEqual(
        header.inputs.map((value) => headerText(value).replace(' float32', '')),
      );
      expect(signature.outputs.map(({ name, shape }) => ({ name, shape }))).toEqual(
        header.outputs.map(({ name, shape }) => ({ name, shape })),
      );
      expect(signature).toMatchObject({ hasExternalData: false, bytes: bytes.length });
      expect([...signature.metadata]).toEqual([...header.metadata]);
    }
  });

  it('tells of weights in other files, and of other types', async () => {
    const graph = new GraphBuilder('external');
    const weights = {
      name: 'w',
      dataType: 'float32',
      shape: [4],
      offset: 0,
      byteLength: 16,
      location: 'w.bin',
    } as const;
    const half = graph.input('half', ['n', 4], 'float16');
    graph.output('embedding', graph.node('Mul', [graph.input('a', ['n', 4]), graph.external(weights)]), ['n', 4]);
    graph.output('other', graph.node('Neg', [half]), ['n', 4], 'float16');
    const path = join(folder, 'external.onnx');
    await writeFile(path, graph.build());
    const signature = await readOnnxSignature(path);
    expect(signature.hasExternalData).toBe(true);
    expect(signature.inputs.map(onnxValueText)).toEqual(['half [n, 4] (not float32)', 'a [n, 4]']);
  });

  it('refuses anything but an ONNX model', async () => {
    await expect(readOnnxSignature(join(folder, 'nowhere.onnx'))).rejects.toThrow(/no such file/);
    await expect(readOnnxSignature(folder)).rejects.toThrow(/not a regular file/);
    const whole = await readFile(await write('whole'));
    const path = join(folder, 'bad.onnx');
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.nat(whole.length - 1).map((length) => whole.subarray(0, length)),
          fc
            .tuple(fc.nat(300), fc.nat(255))
            .map(([at, byte]) => whole.map((old, index) => (index === at ? byte : old))),
        ),
        async (bytes) => {
          await writeFile(path, bytes);
          const error: unknown = await readOnnxSignature(path).then(
            () => undefined,
            (error: unknown) => error,
          );
          if (error !== undefined) expect(error).toMatchObject({ code: 'FILE' });
        },
      ),
      { numRuns: 200 },
    );
  });
});

it.each<[readonly (number | string)[], object]>([
  [['samples'], { input: 'waveform' }],
  [['n', 16_000], { input: 'waveform' }],
  [['n', 1, 'samples'], { input: 'waveform', channels: 1, signal: 'audio' }],
  [['n', 12, 5000], { input: 'waveform', channels: 12, signal: 'ecg' }],
  [['n', 64, 'frames'], { input: 'features' }],
  [['n', 'frames', 128], { input: 'features' }],
  [['n', 1, 128, 'frames'], { input: 'features' }],
])('takes an input %j for what it is', (shape, expected) => {
  const values = (name: string, dimensions: readonly (number | string)[]) => [
    { name, isFloat32: true, shape: dimensions },
  ];
  const parts = { metadata: new Map<string, string>(), hasExternalData: false, bytes: 1 };
  const found = foundInOnnx('x', { inputs: values('a', shape), outputs: values('b', ['n', 3]), ...parts });
  expect(found).toEqual({ inputValue: values('a', shape)[0], outputs: values('b', ['n', 3]), ...expected });
});

it.each<[readonly (number | string)[], object]>([
  [['n', 80, 'frames'], { axes: ['n', 'bands', 'frames'], bands: 80 }],
  [['n', 'frames', 128], { axes: ['n', 'frames', 'bands'], bands: 128 }],
  [['n', 1024, 128], { axes: ['n', 'frames', 'bands'], bands: 128, frames: 1024 }],
  [['n', 1, 100, 64], { axes: ['n', '1', 'frames', 'bands'], bands: 64, frames: 100 }],
  [['n', 1, 96, 64], { axes: ['n', '1', 'frames', 'bands'], bands: 64, frames: 96 }],
  [[1, 1, 64, 'time'], { axes: ['n', '1', 'bands', 'frames'], bands: 64, oneByOne: true }],
  [['n', 'time', 'mel', 1], { axes: ['n', 'frames', 'bands', '1'] }],
  [['n', 'c', 'mels', 1000], { axes: ['n', '1', 'bands', 'frames'], frames: 1000 }],
])('lays features out as %j', (shape, expected) => {
  expect(featureLayout('x', { name: 'a', isFloat32: true, shape })).toEqual(expected);
});

it.each<[readonly (number | string)[], RegExp]>([
  [['n', 3, 96, 64], /a \[n, 3, 96, 64\], which has 3 channels/],
  [[8, 64, 'frames'], /which always takes 8 signals/],
  [['n', 1, 1, 64, 100], /not \[n, bands, frames\]/],
])('refuses features %j that no log-mel spectrogram is', (shape, message) => {
  expect(() => featureLayout('x', { name: 'a', isFloat32: true, shape })).toThrow(message);
});

describe('create-hearken-plugin --from', () => {
  it('asks nothing that the file says, and puts it where the tests look', async () => {
    const path = await write('said', { metadata: { sampleRate: '32000', channels: '1', embeddingSize: '8' } });
    const { status, out, manifest, target } = await create(path, [], []);
    expect(status).toBe(0);
    expect(out).toMatch(
      /input "wave": waveform\n {2}output "embedding": embeddings of 8\n {2}signal: audio, channels: 1\n/,
    );
    expect(out).toMatch(/sample rate: 32000 Hz\n {2}copied to model\.onnx/);
    expect(out).not.toMatch(/a guess|\?|: $/);
    expect(manifest).toMatch(
      /sampleRate: 32000,\n\s+channels: 1,\n\s+embeddingSize: 8,\n\s+input: 'wave',\n\s+output: 'embedding',/,
    );
    expect(await readFile(join(target, 'model.onnx'))).toEqual(await readFile(path));
    expect(await readFile(join(target, '.gitignore'), 'utf8')).toContain('*.onnx');
  });

  it('says what is a guess where nobody is asked', async () => {
    const { status, out, manifest } = await create(await write('guessed'), []);
    expect(status).toBe(0);
    expect(out).toMatch(/sample rate: 16000 Hz \(a guess: the file does not say\)/);
    expect(out).toMatch(/signal: audio, channels: 1 \(a guess/);
    expect(manifest).toContain('sampleRate: 16000');
  });

  it('asks which output, and which size, where there are several', async () => {
    const path = await write('several', { outputs: { logits: ['n', 527], hidden: ['n', 'size'] } });
    const asked = await create(path, ['--sample-rate', '16000'], ['audio', 'hidden', '768']);
    expect(asked.status).toBe(0);
    expect(asked.out).toMatch(/Which output is the embedding: logits \[n, 527\]; hidden \[n, size\] \(logits\): /);
    expect(asked.manifest).toMatch(/embeddingSize: 768,\n.*\n\s+output: 'hidden'/);
    const silent = await create(path, []);
    expect(silent.status).toBe(2);
    expect(silent.err).toMatch(
      /its outputs are logits \[n, 527\]; hidden \[n, size\]\n {2}to do: {2}name one of them with --output/,
    );
    expect(await readdir(silent.target)).toEqual([]);
    expect((await create(path, ['--output', 'hiden'])).err).toMatch(/output 'hiden' of /);
    expect((await create(path, ['--output', 'hidden'])).err).toMatch(/hidden \[n, size\], which does not say/);
    expect((await create(path, ['--output', 'hidden', '--embedding-size', '9'])).manifest).toContain(
      'embeddingSize: 9',
    );
  });

  it('takes a path in place of the kind of weights, and a model of features for what it is', async () => {
    const path = await write('features', { input: ['n', 80, 'frames'], inputName: 'mel' });
    const target = join(folder, 'features');
    const quiet = new Writable({
      write(_chunk, _encoding, done) {
        done();
      },
    });
    const stdin = Object.assign(new PassThrough(), { isTTY: false });
    const args = ['my-model', '--folder', target, '--weights', path, '--yes'];
    expect(await main(args, { stdin, stdout: quiet, stderr: quiet })).toBe(0);
    expect(await readFile(join(target, 'src/front-end.ts'), 'utf8')).toContain('export const bands = 80;');
    const plugin = await readFile(join(target, 'src/plugin.ts'), 'utf8');
    expect(plugin).toMatch(/embeddingSize = 8;[^]*input: string = 'mel';/);
    expect(await readdir(target)).not.toContain('model.onnx');
  });

  it.each<[string, MadeUp, string[], RegExp]>([
    ['size', {}, ['--embedding-size', '5'], /--embedding-size 5 for .*\n {2}found: {2}output embedding \[n, 8\], of 8/],
    ['ecg', { input: ['n', 16_000] }, ['--signal', 'ecg'], /--signal ecg for .*\n.*wave \[n, 16000\], of 1 channel\n/],
    ['heart', { input: ['n', 12, 5000] }, ['--signal', 'audio'], /--signal audio for .*\n.*of 12 channels/],
    ['image', { input: ['n', 1, 100, 64] }, ['--input', 'waveform'], /--input waveform for .*\n.*which is features/],
    ['vector', { input: ['n', 400] }, ['--input', 'features'], /--input features for .*\n.*which is a waveform/],
    ['none', {}, ['--weights', 'none'], /--weights none for .*\n {2}found: {2}an ONNX file/],
    ['twice', {}, ['--weights', 'other.onnx'], /--weights other\.onnx\n {2}found: {2}a different file than /],
    ['rate', { metadata: { sampleRate: '8000' } }, ['--sample-rate', '16000'], /metadata sampleRate 8000/],
  ])('refuses flags against the file: %s', async (name, made, flags, message) => {
    const { status, err, target } = await create(await write(`against-${name}`, made), flags);
    expect([status, err]).toEqual([2, expect.stringMatching(message)]);
    expect(err).toContain(name === 'twice' ? 'pass the file only once' : `omit ${flags[0]}, or pass another file`);
    expect(await readdir(target)).toEqual([]);
  });

  it('asks again for a signal that is against the file, and for a size or an output that there is not', async () => {
    const path = await write('against-asked', { input: ['n', 16_000], outputs: { a: ['n', 'x'], b: ['n', 'y'] } });
    const answers = ['ecg', 'audio', '16000', 'c', 'b', 'many', '24'];
    const { status, out, manifest } = await create(path, [], answers);
    expect(status).toBe(0);
    expect(out).toMatch(/--signal ecg for .*: input wave \[n, 16000\], of 1 channel; omit --signal/);
    expect(out).toMatch(/output 'c': not one of the outputs; choose a, b\n/);
    expect(out).toMatch(/embedding size NaN: not a whole number from 1/);
    expect(manifest).toMatch(/embeddingSize: 24,\n.*\n\s+output: 'b'/);
  });

  it('gives features in the shape of the file', async () => {
    const path = await write('image', { input: ['n', 1, 100, 64], inputName: "mel's" });
    const { status, out, target } = await create(path, []);
    expect(status).toBe(0);
    expect(out).toContain(`input "mel's": features [n, 1, 100 frames, 64 bands]\n`);
    const frontEnd = await readFile(join(target, 'src/front-end.ts'), 'utf8');
    expect(frontEnd).toContain("featureShape: readonly (number | string)[] = ['n', 1, frames ?? 'frames', bands];");
    expect(frontEnd).toContain('export const frames = 100 as number | undefined;');
    expect(await readFile(join(target, 'src/plugin.ts'), 'utf8')).toContain("input: string = 'mel\\'s';");
  });

  it('refuses two inputs, and lists what the file has', async () => {
    const graph = new GraphBuilder('two');
    graph.output('sum', graph.node('Add', [graph.input('a', ['n', 4]), graph.input('b', ['n', 4])]), ['n', 4]);
    const path = join(folder, 'two.onnx');
    await writeFile(path, graph.build());
    const { status, err } = await create(path, []);
    expect(status).toBe(2);
    expect(err).toMatch(/2 required inputs \(inputs: a \[n, 4\]; b \[n, 4\]; outputs: sum \[n, 4\]\)/);
    expect((await create(join(folder, 'nowhere.onnx'), [])).err).toMatch(
      /as an ONNX model\n {2}found: {2}no such file/,
    );
  });

  it('lets no name of a file out of its literal', async () => {
    const path = await write('hostile', { inputName: `x', y: process.exit(1), z: '"\n` });
    const { status, manifest } = await create(path, []);
    expect(status).toBe(0);
    expect(manifest).toContain(`input: 'x\\', y: process.exit(1), z: \\'"\\n',`);
  });
});
