/** A way to a server that can be cut while the server itself is well: one process cannot reach it, all others can. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface FaultProxy {
  readonly port: number;
  /** Breaks all connections, and those that come. */
  cut(): void;
  /**
   * From now on nothing comes through the connections that there are, in either direction, and nobody is told: as where something between
   * has forgotten them.
   */
  silence(): void;
  /** The same, and for connections that come: as where the server hangs. */
  hang(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Leads to the port on this machine. */
export async function createFaultProxy(port: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  let [isCut, isHung] = [false, false];
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(port, '127.0.0.1');
    near.setNoDelay();
    far.setNoDelay();
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
    }
    if (isHung) near.resume();
    else near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const silence = () => {
    for (const socket of sockets) socket.unpipe().resume();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      isCut = true;
      breakAll();
    },
    silence,
    hang: () => {
      isHung = true;
      silence();
    },
    mend: () => {
      [isCut, isHung] = [false, false];
    },
    close: () =>
      new Promise((resolve) => {
        breakAll();
        server.close(() => resolve());
      }),
  };
}
