import * as errors from '../errors.js';

/** An error as plain data: structured cloning would lose its class and extra fields. */
export interface ErrorMessage {
  /** The error's `name`, which is that of its class. */
  readonly name: string;
  /** The error's message. */
  readonly message: string;
  /** The stack trace, from the thread where it was thrown. */
  readonly stack?: string;
  /** For Hearken's errors: the kind, and the parts of the message. */
  readonly code?: string;
  /** The three parts of a Hearken error's message. */
  readonly parts?: {
    /** What was asked for. */
    readonly asked: string;
    /** What was found instead. */
    readonly found: string;
    /** How to fix it. */
    readonly fix: string;
    /** What went wrong, for code to compare; absent if no code needs it. */
    readonly reason?: string;
  };
  /** The underlying error, also as plain data. */
  readonly cause?: ErrorMessage;
}

/** How many nested causes are kept, because an error that is its own cause would never end. */
const deepest = 8;

/** An error as a message for another thread; {@link errorOfMessage} turns it back. */
export function errorMessage(error: unknown, depth = 0): ErrorMessage {
  // An aborted signal's reason is a DOMException, which is not an Error on every platform.
  if (!(error instanceof Error) && !(error instanceof DOMException)) return { name: 'Error', message: String(error) };
  const { name, message, stack } = error;
  const cause = 'cause' in error ? error.cause : undefined;
  return {
    name,
    message,
    stack,
    ...(error instanceof errors.HearkenError
      ? {
          code: error.code,
          parts: {
            asked: error.asked,
            found: error.found,
            fix: error.fix,
            ...(error.reason === undefined ? {} : { reason: error.reason }),
          },
        }
      : {}),
    ...(cause === undefined || depth >= deepest ? {} : { cause: errorMessage(cause, depth + 1) }),
  };
}

/** The error in a message, with the same class if it is one of Hearken's. */
export function errorOfMessage({ name, message, stack, code, parts, cause }: ErrorMessage): Error {
  const options = cause === undefined ? undefined : { cause: errorOfMessage(cause) };
  const error =
    code === undefined || parts === undefined
      ? new Error(message, options)
      : new (hearkenErrorClass(code))({ ...parts, ...options });
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}

type HearkenErrorClass = typeof errors.HearkenError;

function hearkenErrorClass(code: string): HearkenErrorClass {
  const parts = { asked: '', found: '', fix: '' };
  const classes = Object.values(errors).filter(isHearkenErrorClass);
  return classes.find((Class) => new Class(parts).code === code) ?? errors.HearkenError;
}

function isHearkenErrorClass(value: unknown): value is HearkenErrorClass {
  return (
    typeof value === 'function' && (value === errors.HearkenError || value.prototype instanceof errors.HearkenError)
  );
}
