import type { ModelFiles } from '../checkpoint/model-files.js';
import { countParameters } from '../graph/count-parameters.js';
import type { Runtime } from '../runtime.js';
import type { Session, SessionOptions } from './session.js';

/** A session, and the hash of the file with its weights. */
export interface SessionAndHash {
  /** Runs the model's graph. */
  readonly session: Session;
  /** SHA-256 of the checkpoint in hexadecimal. */
  readonly checkpointSha256: string;
  /** How many weights the graph has. */
  readonly parameters: number;
}

/**
 * Loads a model's graph while its checkpoint is hashed. Both use the file whose header was read.
 *
 * @throws like `createSession`; CheckpointError for a file that was replaced or changed meanwhile
 */
export async function sessionAndHash(
  runtime: Pick<Runtime, 'createSession'>,
  files: Pick<ModelFiles, 'sha256'>,
  graph: Uint8Array,
  options: SessionOptions,
): Promise<SessionAndHash> {
  const hash = files.sha256();
  // Awaited below, unless creating the session fails.
  hash.catch(() => undefined);
  const session = await runtime.createSession(graph, options);
  try {
    return { session, checkpointSha256: await hash, parameters: countParameters(graph) };
  } catch (cause) {
    await session.dispose();
    throw cause;
  }
}
