import type { Execution } from '@hearken/core';
import type { Session, Tensor } from './session.js';

/**
 * A session that is created when it first runs, for a part of a model that most callers don't use.
 *
 * @param backend the session that the model already has, which says what will run this one
 */
export function deferredSession(backend: Session, create: () => Promise<Session>): Session {
  let created: Promise<Session> | undefined;
  return {
    get backend(): string {
      return backend.backend;
    },
    get execution(): Execution | undefined {
      return backend.execution;
    },
    async run(inputs: Readonly<Record<string, Tensor>>, outputs) {
      created ??= create();
      // What failed once, such as a lack of memory, may succeed later.
      const session = await created.catch((cause: unknown) => {
        created = undefined;
        throw cause;
      });
      return session.run(inputs, outputs);
    },
    async dispose() {
      const session = await created?.catch(() => undefined);
      await session?.dispose();
    },
  };
}
