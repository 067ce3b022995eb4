import type { Execution } from '@hearken/core';
import { LazySession } from './lazy-session.js';
import type { Session, Tensor } from './session.js';

/**
 * A session that is created when it first runs, for a part of a model that most callers don't use.
 *
 * @param backend the session that the model already has, which says what will run this one
 */
export function deferredSession(backend: Session, create: () => Promise<Session>): Session {
  const lazy = new LazySession(create);
  return {
    get backend(): string {
      return backend.backend;
    },
    get execution(): Execution | undefined {
      return backend.execution;
    },
    async run(inputs: Readonly<Record<string, Tensor>>, outputs) {
      const session = await lazy.open();
      return session.run(inputs, outputs);
    },
    dispose: () => lazy.dispose(),
  };
}
