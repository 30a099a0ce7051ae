/** Bytes sent to a server as they are: for requests that no HTTP client would send. */
import { connect } from 'node:net';

/** Answers what comes back, up to the end of the connection or of what is waited for, or for so many milliseconds. */
export const sendRaw = (origin: string, bytes: string | Buffer, until = /^$/, milliseconds = 0): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1', () => socket.write(bytes));
    let got = '';
    if (milliseconds > 0) setTimeout(() => socket.destroy(), milliseconds);
    socket
      .setEncoding('utf8')
      .on('data', (chunk: string) => {
        got += chunk;
        if (until.test(got)) socket.destroy();
      })
      .on('close', () => resolve(got))
      .on('error', reject);
  });
