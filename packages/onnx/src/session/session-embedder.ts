import { type ClassificationHead, disposedError, type Provenance } from '@hearken/core';
import { runWindows, type WindowBatches } from './run-windows.js';
import type { Session } from './session.js';
import type { SessionHead, SessionHeadParts } from './session-head.js';

/** Where embeddings come from, except what runs the graph. */
export type ModelProvenance = Omit<Provenance, 'backend' | 'execution'>;

/** What embedders that run a graph in a session have in common; a plugin's embedder extends it. */
export abstract class SessionEmbedder {
  /** Where the embeddings come from. The session says what runs the graph: in a browser this may change. */
  readonly provenance: Provenance;
  /** The checkpoint's classifier, if it has one. */
  readonly head?: ClassificationHead;
  /** What the checkpoint has instead of a classifier. */
  readonly noHead?: string;
  readonly #head: SessionHead | undefined;
  #disposed = false;

  /**
   * @param provenance everything except what the session says
   * @param parts the checkpoint's head, which is freed with the embedder
   */
  constructor(
    /** What runs the graph. */
    readonly session: Session,
    provenance: ModelProvenance,
    { head, noHead }: SessionHeadParts = {},
  ) {
    this.#head = head;
    if (head !== undefined) this.head = head;
    if (noHead !== undefined) this.noHead = noHead;
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

  /** Releases the session, and that of the head. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.session.dispose();
    await this.#head?.dispose();
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
