import type { Redis } from 'ioredis';

/** How long a server may take to answer. */
const silenceMilliseconds = 20_000;

/**
 * Closes a connection whose other side no longer answers, so that a new one is made: without an answer from the
 * network, a host that is gone would only be noticed after a quarter of an hour.
 *
 * @returns a function that ends the watch
 */
export function watchConnection(redis: Redis, silence = silenceMilliseconds): () => void {
  let answered = performance.now();
  let isAsked = false;
  const hear = () => {
    answered = performance.now();
  };
  const states = ['connecting', 'connect', 'ready', 'close', 'reconnecting'] as const;
  for (const state of states) redis.on(state, hear);
  const timer = setInterval(() => {
    const isConnected = redis.status === 'ready' || redis.status === 'connect';
    if (isConnected && performance.now() - answered > silence) {
      hear();
      redis.disconnect(true);
    } else if (redis.status === 'ready' && !isAsked) {
      isAsked = true;
      const settle = () => {
        isAsked = false;
      };
      redis.ping().then(hear).then(settle, settle);
    }
  }, silence / 4);
  timer.unref();
  return () => {
    clearInterval(timer);
    for (const state of states) redis.off(state, hear);
  };
}
