import { broken, clipSamples, type ConformanceCheck, embeddingKinds, expectRefusal, testBatch } from './check.js';

/** Cancelling calls and disposing of an embedder. */
export const lifecycleChecks: readonly ConformanceCheck[] = [
  {
    name: 'an aborted signal rejects with its reason',
    why: 'otherwise a cancelled page or run keeps computing',
    async run(context) {
      const embedder = await context.embedder();
      const signals = await testBatch(context, clipSamples(embedder, 1), [0]);
      for (const kind of embeddingKinds) {
        const reason = new Error('cancelled by the conformance suite');
        const failure: unknown = await kind.embed(context.plugin, embedder, signals, AbortSignal.abort(reason)).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (failure === reason) continue;
        throw broken(
          `${kind.name} embedding rejected with the reason of its aborted signal`,
          failure === undefined
            ? 'embeddings'
            : `another error: ${failure instanceof Error ? String(failure) : typeof failure}`,
          'call options.abortSignal?.throwIfAborted() before each inference',
          failure,
        );
      }
    },
  },
  {
    name: 'dispose may be called twice',
    why: 'clean-up code may run a second time after an error',
    async run(context) {
      const embedder = await context.load();
      await embedder.dispose();
      try {
        await embedder.dispose();
      } catch (error) {
        throw broken(
          'dispose a second time',
          String(error),
          'do nothing if the embedder is already disposed of',
          error,
        );
      }
    },
  },
  {
    name: 'a disposed embedder refuses to embed',
    why: 'using a freed session would crash the process instead of giving an error',
    async run(context) {
      const embedder = await context.load();
      const signals = await testBatch(context, clipSamples(embedder, 1), [0]);
      await embedder.dispose();
      for (const kind of embeddingKinds) {
        const embed = () => kind.embed(context.plugin, embedder, signals);
        const asked = `${kind.name} embedding refused after dispose`;
        await expectRefusal(embed, 'EMBEDDER', asked, 'throw an EmbedderError after dispose');
      }
    },
  },
];
