import { passwordVariable } from './queue-password.node.js';
import { QueueError } from './queue-error.js';
import type { QueueLocation } from './queue-url.js';

/** An answer of the server in three parts. */
export function serverError({ shown }: Pick<QueueLocation, 'shown'>, error: Error): Error {
  if (!['ReplyError', 'ParserError', 'Error'].includes(error.name)) return error;
  const text = plain(error.message.replace(/^Ready check failed: /, ''));
  const [, found, fix, reason] = answers.find(([start]) => text.startsWith(start)) ?? [
    '',
    `the answer '${text}'`,
    'check the server',
    'refused',
  ];
  return new QueueError({ asked: `the queue '${shown}'`, found, fix, reason, cause: error });
}

/**
 * What an error of a server's user says: an answer of the server in three parts, anything else as it is.
 */
export function toldError(open: Pick<QueueLocation, 'shown'>, error: unknown): unknown {
  return error instanceof Error && error.name === 'ReplyError' ? serverError(open, error) : error;
}

const checkPassword = `check it: it is in the URL, in the password file, or in ${passwordVariable}`;
const answers: readonly (readonly [start: string, found: string, fix: string, reason: string])[] = [
  ['WRONGPASS', 'a user or password that the server refuses', checkPassword, 'wrong-password'],
  ['NOAUTH', 'a server that wants a password', checkPassword, 'password-missing'],
  [
    'NOPERM',
    'a user without the necessary permissions',
    "give it those for the keys 'hearken:*': ACL SETUSER ... ~hearken:* &* +@all",
    'no-permission',
  ],
  ['ERR DB index is out of range', 'no database of that number', 'write a smaller number', 'no-database'],
  [
    'WRONGTYPE',
    "a key 'hearken:*' that Hearken has not written",
    'use a database of its own (redis://HOST:PORT/NUMBER), or remove what another program has written there',
    'strange-key',
  ],
  ['MISCONF', 'a server that cannot write its data to disk', 'free some disk space there', 'disk-full'],
  ['OOM', 'a server whose memory is full', 'give it more (maxmemory)', 'memory-full'],
];

/** What a server wrote, as far as it can be printed. */
export function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}
