/** Options of an embedding call. */
export interface EmbedOptions {
  /** Cancels between inference calls; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}
