import * as errors from '../errors.js';

/** An error as plain data: what structured cloning of an error leaves out are its class and its own fields. */
export interface ErrorMessage {
  /** The error's `name`: the class that it is of. */
  readonly name: string;
  /** The error's message. */
  readonly message: string;
  /** Where it was thrown, in the thread that it comes from. */
  readonly stack?: string;
  /** Of Hearken's errors: which kind, and the parts of the message. */
  readonly code?: string;
  /** The three parts of a Hearken error's message. */
  readonly parts?: {
    /** What was asked. */
    readonly asked: string;
    /** What was found instead. */
    readonly found: string;
    /** What to do about it. */
    readonly fix: string;
    /** What went wrong, for code; absent where no code needs it. */
    readonly reason?: string;
  };
  /** The error underneath, as plain data too. */
  readonly cause?: ErrorMessage;
}

/** Causes of causes that are told; one that is its own cause would have no end. */
const deepest = 8;

/** What another thread is told of an error; {@link errorOfMessage} turns it back. */
export function errorMessage(error: unknown, depth = 0): ErrorMessage {
  // An aborted signal's reason is a DOMException, which is no Error everywhere.
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

/** The error that a message tells of: of the same class, if it is one of Hearken's. */
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
