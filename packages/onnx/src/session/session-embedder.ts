import { disposedError, type Provenance } from '@hearken/core';
import { runWindows, type WindowBatches } from './run-windows.js';
import type { Session } from './session.js';

/** Where embeddings come from, except what runs the graph. */
export type ModelProvenance = Omit<Provenance, 'backend' | 'execution'>;

/** What embedders that run a graph in a session have in common; a plugin's embedder extends it. */
export abstract class SessionEmbedder {
  /** Where the embeddings come from. The session says what runs the graph: in a browser this may change. */
  readonly provenance: Provenance;
  #disposed = false;

  /** @param provenance everything except what the session says */
  constructor(
    /** What runs the graph. */
    readonly session: Session,
    provenance: ModelProvenance,
  ) {
    this.provenance = {
      ...provenance,
      get backend() {
        return session.backend;
      },
      get execution() {
        return session.execution;
      },
    };
  }

  /** Releases the session. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.session.dispose();
  }

  /**
   * Checks that the session is still open.
   *
   * @throws EmbedderError after {@link dispose}
   */
  protected checkNotDisposed(): void {
    if (this.#disposed) throw disposedError(this.provenance);
  }

  /**
   * Runs the graph over windows, see {@link runWindows}.
   *
   * @returns `[count, embeddingSize]`
   * @throws EmbedderError after {@link dispose}; the abort signal's reason
   */
  protected async embedWindows(windows: WindowBatches): Promise<Float32Array> {
    this.checkNotDisposed();
    return runWindows(this.session, windows);
  }
}
