import { EmbedderError } from '@hearken/core';
import { expect, it } from 'vitest';
import type { Session } from '../../src/session/session.js';
import { SessionEmbedder } from '../../src/session/session-embedder.js';

class Doubling extends SessionEmbedder {
  async double(values: readonly number[]): Promise<number[]> {
    const fill = (index: number, target: Float32Array) => {
      target.fill(values[index]);
    };
    return [
      ...(await this.embedWindows({ count: values.length, windowSize: 1, fill, embeddingSize: 1, batchSize: 2 })),
    ];
  }
}

function open() {
  let backend = 'a fast one';
  let isOpen = true;
  const session: Session = {
    get backend() {
      return backend;
    },
    get execution() {
      return { runtime: backend };
    },
    run: ({ signal }) => {
      backend = 'a slow one';
      const data = (signal.data as Float32Array).map((value) => 2 * value);
      return Promise.resolve({ embedding: { data, shape: signal.shape } });
    },
    dispose: () => {
      isOpen = false;
      return Promise.resolve();
    },
  };
  const provenance = { plugin: 'doubling', pluginVersion: '1', model: 'twice', checkpointSha256: null, options: {} };
  return { embedder: new Doubling(session, provenance), isOpen: () => isOpen };
}

it('names the backend that the session has now', async () => {
  const { embedder } = open();
  expect(embedder.provenance.backend).toBe('a fast one');
  expect(await embedder.double([1, 2, 3])).toEqual([2, 4, 6]);
  expect(embedder.provenance).toMatchObject({ backend: 'a slow one', execution: { runtime: 'a slow one' } });
});

it('embeds nothing once it is disposed of, not even no windows', async () => {
  const { embedder, isOpen } = open();
  await embedder.dispose();
  expect(isOpen()).toBe(false);
  for (const values of [[1], []]) {
    const failure = await embedder.double(values).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EmbedderError);
    expect(failure).toMatchObject({ asked: 'embeddings from doubling:twice', found: 'a disposed embedder' });
  }
});
