/** The parts of every Hearken error: what was asked for, what was found instead, and how to fix it. */
export interface ErrorParts {
  /** What was asked for, with its name: a file, a tensor, an option. */
  asked: string;
  /** What was found instead. */
  found: string;
  /** How to fix it. */
  fix: string;
  /**
   * What went wrong, as an identifier that code can compare, such as `foreign-checkpoint`. Absent if no code needs it.
   */
  reason?: string;
  /** The underlying error, kept for `--debug`. */
  cause?: unknown;
}

/**
 * The base class of errors. The message is `asked: found; fix`, so printing it is enough; the parts are also available
 * as fields, and `code` distinguishes the kinds without `instanceof`.
 */
export class HearkenError extends Error {
  /** The kind of error, for when `instanceof` doesn't work: in another thread, or with another copy of this package. */
  static readonly code: string = 'HEARKEN';
  // Not the name of the class, which minifiers change.
  /** The name of the class. */
  override name = 'HearkenError';
  /** The kind of error, for when `instanceof` doesn't work: in another thread, or with another copy of this package. */
  readonly code: string = 'HEARKEN';
  /** What was asked for, with its name: a file, a tensor, an option. */
  readonly asked: string;
  /** What was found instead. */
  readonly found: string;
  /** How to fix it. */
  readonly fix: string;
  /** What went wrong, as an identifier that code can compare; absent if no code needs it. */
  declare readonly reason?: string;

  /** `instanceof` also accepts errors of another copy of this package, by their code. */
  static override [Symbol.hasInstance](error: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, error)) return true;
    // A class derived elsewhere has no code, and no counterpart in the other copy.
    if (!Object.hasOwn(this, 'code') || !isHearkenError(error)) return false;
    return this.code === HearkenError.code || this.code === error.code;
  }

  constructor(parts: ErrorParts) {
    super(
      `${parts.asked}: ${parts.found}; ${parts.fix}`,
      parts.cause === undefined ? undefined : { cause: parts.cause },
    );
    this.asked = parts.asked;
    this.found = parts.found;
    this.fix = parts.fix;
    if (parts.reason !== undefined) this.reason = parts.reason;
  }
}

/**
 * Whether an error is one of Hearken's, judged by its shape: a plugin may have been installed with its own copy of this
 * package, whose classes are different.
 */
export function isHearkenError(error: unknown): error is Error &
  Readonly<ErrorParts> & {
    /** The kind of error, such as `TASK`. */
    readonly code: string;
  } {
  if (!(error instanceof Error)) return false;
  const parts = error as Partial<Record<'asked' | 'found' | 'fix' | 'code', unknown>>;
  return [parts.asked, parts.found, parts.fix, parts.code].every((part) => typeof part === 'string');
}

/** A signal batch that an embedder can't accept: wrong shape, too short, not finite. */
export class SignalError extends HearkenError {
  /** The kind of error. */
  static override readonly code: string = 'SIGNAL';
  /** The name of the class. */
  override name = 'SignalError';
  /** The kind of error. */
  override readonly code = 'SIGNAL';
}

/** An option, argument or model name that is unknown or out of range. */
export class OptionError extends HearkenError {
  /** The kind of error. */
  static override readonly code: string = 'OPTION';
  /** The name of the class. */
  override name = 'OptionError';
  /** The kind of error. */
  override readonly code = 'OPTION';
}

/** A checkpoint file that is missing, damaged, malicious or made for another model. */
export class CheckpointError extends HearkenError {
  /** The kind of error. */
  static override readonly code: string = 'CHECKPOINT';
  /** The name of the class. */
  override name = 'CheckpointError';
  /** The kind of error. */
  override readonly code = 'CHECKPOINT';
}

/** A plugin that can't be found, is registered twice, or breaks the plugin contract. */
export class PluginError extends HearkenError {
  /** The kind of error. */
  static override readonly code: string = 'PLUGIN';
  /** The name of the class. */
  override name = 'PluginError';
  /** The kind of error. */
  override readonly code = 'PLUGIN';
}

/** An embedder that broke its contract (wrong sizes, values that are not finite), or was used after `dispose`. */
export class EmbedderError extends HearkenError {
  /** The kind of error. */
  static override readonly code: string = 'EMBEDDER';
  /** The name of the class. */
  override name = 'EmbedderError';
  /** The kind of error. */
  override readonly code = 'EMBEDDER';
}

/** The error for using an embedder after its `dispose`; its reason is `disposed`. */
export function disposedError({ plugin, model }: { readonly plugin: string; readonly model: string }): EmbedderError {
  return new EmbedderError({
    asked: `embeddings from ${plugin}:${model}`,
    reason: 'disposed',
    found: 'a disposed embedder',
    fix: 'load the model again',
  });
}

/** A task folder or archive that is incomplete or inconsistent. */
export class TaskError extends HearkenError {
  /** The kind of error. */
  static override readonly code: string = 'TASK';
  /** The name of the class. */
  override name = 'TaskError';
  /** The kind of error. */
  override readonly code = 'TASK';
}

/** An audio or signal file that cannot be read. */
export class AudioError extends HearkenError {
  /** The kind of error. */
  static override readonly code: string = 'AUDIO';
  /** The name of the class. */
  override name = 'AudioError';
  /** The kind of error. */
  override readonly code = 'AUDIO';
}

/** A file or folder that cannot be read or written: missing, unwritable, a full disk. */
export class FileError extends HearkenError {
  /** The kind of error. */
  static override readonly code: string = 'FILE';
  /** The name of the class. */
  override name = 'FileError';
  /** The kind of error. */
  override readonly code = 'FILE';
}
