import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { connect as connectEncrypted } from 'node:tls';
import { QueueError } from './queue-error.js';
import type { QueueLocation } from './queue-url.js';
import { plain } from './server-errors.js';

/** How a server answers somebody without a password. */
export interface Greeting {
  /** Whether it does what it is asked. */
  readonly isOpen: boolean;
  /** Whether it is reached by a socket or an address of this machine only. */
  readonly isLocal: boolean;
}

/**
 * Asks a server, without a password, whether it is there. Tries again for as long as it may still be starting.
 *
 * @param seconds how long
 * @throws QueueError if it doesn't answer by then, or is no server of Redis
 */
export async function reachServer(location: QueueLocation, seconds: number): Promise<Greeting> {
  const end = performance.now() + seconds * 1000;
  for (let pause = 100; ; pause = Math.min(2 * pause, 1000)) {
    const problem = await greet(location, Math.max(1, end - performance.now())).then(
      (greeting) => ('isOpen' in greeting ? greeting : new Error(greeting.line)),
      (error: NodeJS.ErrnoException) => error,
    );
    if ('isOpen' in problem) return problem;
    const isOver = performance.now() + pause >= end;
    if (isOver || !mayPass(problem)) throw unreachable(location, problem, seconds);
    await wait(pause);
  }
}

/** Answers of a server that will answer otherwise soon: it reads its data, or waits for its primary. */
const passing = /^-(?:LOADING|MASTERDOWN|BUSY|TRYAGAIN) /;
const passingCodes = ['ECONNREFUSED', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'];
passingCodes.push('ECONNRESET', 'EPIPE', 'EAGAIN', 'EHOSTDOWN');

function mayPass({ code, message }: NodeJS.ErrnoException): boolean {
  return code === undefined ? passing.test(message) : passingCodes.includes(code);
}

async function greet(location: QueueLocation, milliseconds: number): Promise<Greeting | { readonly line: string }> {
  const { line, address } = await firstLine(location, milliseconds);
  const isLocal = address === undefined || /^(?:::ffff:)?127\.|^::1$/i.test(address);
  if (line === '+PONG') return { isOpen: true, isLocal };
  return line.startsWith('-NOAUTH') || line.startsWith('-NOPERM') ? { isOpen: false, isLocal } : { line };
}

/** Longer than any answer to `PING`. */
const maximumBytes = 512;

/** The first line that a server answers to `PING`, and its address. */
function firstLine(location: QueueLocation, milliseconds: number): Promise<{ line: string; address?: string }> {
  return new Promise((resolve, reject) => {
    const socket = open(location);
    let text = '';
    let address: string | undefined;
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
    }, milliseconds);
    const ask = () => {
      address = socket.remoteAddress;
      socket.write('*1\r\n$4\r\nPING\r\n');
    };
    socket.setEncoding('latin1');
    socket.once(location.tls ? 'secureConnect' : 'connect', ask);
    socket.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\r\n');
      if (end < 0 && text.length < maximumBytes) return;
      resolve({ line: end < 0 ? text.slice(0, maximumBytes) : text.slice(0, end), address });
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(timer);
      reject(Object.assign(new Error('a connection that was closed without an answer'), { code: 'ECONNRESET' }));
    });
  });
}

function open({ path, host, port, tls }: QueueLocation): Socket {
  if (path !== undefined) return connectPlain({ path });
  if (!tls) return connectPlain({ host, port });
  return connectEncrypted({ host, port, ...(isIP(host!) === 0 ? { servername: host } : {}) });
}

function unreachable({ shown, tls }: QueueLocation, error: NodeJS.ErrnoException, seconds: number): QueueError {
  const asked = `the queue '${shown}'`;
  const { code, message } = error;
  if (code === undefined) {
    const [found, fix] = message.startsWith('-DENIED')
      ? ['a server without a password that only answers its own machine', 'set a password for it (requirepass)']
      : message.startsWith('-')
        ? [`a server that answers '${plain(message.slice(1))}'`, 'wait until it is ready, and try again']
        : ['an answer that is not of Redis or Valkey', tls ? 'check the port' : 'check the port, or write rediss://'];
    return new QueueError({ asked, found, fix, reason: 'unreachable' });
  }
  const [found, fix] = reasons[code] ?? [plain(message), 'check the address'];
  const tried = mayPass(error) ? `${code}, tried for ${seconds} s` : code;
  return new QueueError({ asked, found: `${found} (${tried})`, fix, reason: 'unreachable', cause: error });
}

type Reason = readonly [found: string, fix: string];
const noServer: Reason = ['no server that answers there', 'start it, or check the address and the firewall'];
const noHost: Reason = ['no host of that name', 'check the name'];
const noTrust: Reason = [
  'a certificate of an authority that is not known here',
  'name its file in NODE_EXTRA_CA_CERTS',
];
const noTls: Reason = ['a server that does not speak TLS', 'check the port, or write redis://'];

const reasons: Readonly<Record<string, Reason | undefined>> = {
  ECONNREFUSED: noServer,
  ETIMEDOUT: noServer,
  EHOSTUNREACH: noServer,
  EHOSTDOWN: noServer,
  ENETUNREACH: noServer,
  ECONNRESET: ['a connection that was closed without an answer', 'check the port, and whether it wants rediss://'],
  ENOENT: ['no socket of that name', 'start the server, or check the path'],
  EACCES: ['a socket that you may not use', 'change its permissions (unixsocketperm), or the group of this user'],
  ENOTFOUND: noHost,
  EAI_AGAIN: noHost,
  EPROTO: noTls,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  SELF_SIGNED_CERT_IN_CHAIN: noTrust,
  DEPTH_ZERO_SELF_SIGNED_CERT: noTrust,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: noTrust,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: noTrust,
  CERT_HAS_EXPIRED: ['a certificate that has expired', 'renew it'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['a certificate for another name', 'write the name that is in the certificate'],
};
