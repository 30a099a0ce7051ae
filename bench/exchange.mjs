/**
 * What it takes to hand a byte to another process and get it back, both asleep until then: each hop of a request costs half of it, and
 * virtual machines make much of it.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { startHelper } from './processes.mjs';

const TIMES = 3000;

/** Microseconds, the median. */
export async function measureExchange() {
  const echo = await startHelper('exchange.mjs');
  const socket = connect(echo.port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  const times = [];
  for (let n = 0; n < TIMES; n += 1) {
    const sent = performance.now();
    socket.write('.');
    await once(socket, 'data');
    times.push(performance.now() - sent);
  }
  socket.destroy();
  await echo.stop();
  return Math.round(times.toSorted((one, other) => one - other)[TIMES / 2] * 1000);
}

/** The other process: answers what it hears. */
if (process.argv[1]?.endsWith('exchange.mjs')) {
  const server = createServer((socket) =>
    socket
      .setNoDelay(true)
      .pipe(socket)
      .on('error', () => undefined),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send({ port: server.address().port });
}
