/** How a program opens a port of its own. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Answers the address that the server is reached at from this machine, as in `http://127.0.0.1:8080`; fails where the port cannot be had.
 * Where one cannot be let in later, as without a free descriptor, nobody else is the worse for it.
 */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject).listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  const name = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${taken}`;
}
