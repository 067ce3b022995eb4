import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach } from 'vitest';

/** Stands between clients and a server on 127.0.0.1, as a network that may fail. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that are open now. */
  readonly connections: number;
  /** Forwards nothing any more, neither what is sent nor that a side has closed, and does not say so: a partition. */
  pause(): void;
  /** Forwards again, beginning with what was sent meanwhile. */
  resume(): void;
  /** Closes all connections; new ones are accepted. */
  cut(): void;
}

interface Pair {
  readonly sides: readonly [Socket, Socket];
  /** Whether one of the sides has closed, which the other is not told during a partition. */
  isClosed: boolean;
}

/** A function that starts proxies of a port on 127.0.0.1, which are closed after each test. */
export function tcpProxies(): (target: number) => Promise<TcpProxy> {
  const ends: (() => void)[] = [];
  afterEach(() => {
    for (const end of ends.splice(0)) end();
  });
  return async (target) => {
    const pairs = new Set<Pair>();
    let isPaused = false;
    const forward = ({ sides: [one, other] }: Pair) => {
      one.pipe(other);
      other.pipe(one);
    };
    const finish = (pair: Pair) => {
      for (const side of pair.sides) side.destroy();
      pairs.delete(pair);
    };
    const server = createServer((client) => {
      const pair: Pair = { sides: [client, connect(target, '127.0.0.1')], isClosed: false };
      pairs.add(pair);
      for (const side of pair.sides) {
        // What went wrong shows in the connection being closed.
        side.on('error', () => undefined);
        side.on('close', () => {
          pair.isClosed = true;
          if (!isPaused) finish(pair);
        });
      }
      if (!isPaused) forward(pair);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const cut = () => {
      for (const pair of pairs) finish(pair);
    };
    ends.push(() => {
      cut();
      server.close();
    });
    return {
      port: (server.address() as AddressInfo).port,
      get connections() {
        return pairs.size;
      },
      pause: () => {
        isPaused = true;
        for (const { sides } of pairs) {
          for (const side of sides) side.unpipe().pause();
        }
      },
      resume: () => {
        isPaused = false;
        for (const pair of pairs) {
          if (pair.isClosed) finish(pair);
          else forward(pair);
        }
      },
      cut,
    };
  };
}
