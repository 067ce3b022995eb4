/** What is known of a failed attempt. */
interface Failed {
  readonly error?: Error;
  /** The client's judgement: `TRANSIENT` and `THROTTLING` may go away. */
  readonly errorType: string;
  /** When the server wants to be asked again. */
  readonly retryAfterHint?: Date;
}

interface Token {
  getRetryCount(): number;
  getRetryDelay(): number;
}

/** Milliseconds to wait before an attempt is repeated, after `failures` of them. */
export type RetryDelay = (failures: number, isThrottled: boolean) => number;

const longestDelay = 20_000;

/** Doubles from 0.1 s, or 0.5 s for a server that asks for less; up to half of it is random, so that clients spread. */
export const usualDelay: RetryDelay = (failures, isThrottled) =>
  Math.min(longestDelay, (isThrottled ? 500 : 100) * 2 ** (failures - 1)) * (1 - Math.random() / 2);

/**
 * Which attempts the client repeats: besides those that it takes for transient, conditional writes that met another
 * one. A server cannot make it wait for longer than 20 s.
 */
export class BoundedRetries {
  /** Attempts of a request, the first one included: of usual ones, for about half a minute. */
  attempts = 10;

  constructor(readonly delay: RetryDelay = usualDelay) {}

  acquireInitialRetryToken(): Promise<Token> {
    return Promise.resolve(token(0, 0));
  }

  refreshRetryTokenForRetry(before: Token, { error, errorType, retryAfterHint }: Failed): Promise<Token> {
    const failures = before.getRetryCount() + 1;
    const isThrottled = errorType === 'THROTTLING';
    const mayPass = isThrottled || errorType === 'TRANSIENT' || isConflict(error);
    if (!mayPass || failures >= this.attempts) return Promise.reject(error ?? new Error(errorType));
    const own = this.delay(failures, isThrottled);
    const asked = own === 0 ? 0 : (retryAfterHint?.getTime() ?? 0) - Date.now();
    return Promise.resolve(token(failures, Math.max(own, Math.min(asked, longestDelay))));
  }

  recordSuccess(): void {
    // Nothing is learnt from it.
  }
}

/** Two conditional writes of one object at the same time: the store wants the loser to ask again. */
function isConflict(error: Error | undefined): boolean {
  return error?.name === 'ConditionalRequestConflict';
}

function token(failures: number, delay: number): Token {
  return { getRetryCount: () => failures, getRetryDelay: () => delay };
}
