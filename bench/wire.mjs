/** HTTP on a plain socket, one request at a time: a client that costs the machine little. */
import { connect } from 'node:net';

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** The first answer in the bytes; undefined while it is not complete. */
function readAnswer(bytes) {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end < 0) return undefined;
  const head = bytes.latin1Slice(0, end);
  const status = Number(head.slice(9, 12));
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? [];
  if (length === undefined && status !== 204 && status !== 304) throw new Error(`an answer without Content-Length: ${head}`);
  const start = end + END_OF_HEAD.length;
  const total = start + Number(length ?? 0);
  return bytes.length < total ? undefined : { status, body: bytes.subarray(start, total) };
}

/** A connection: `exchange` sends a request and waits for its answer. */
export async function open(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let pieces = [];
  let waiting;
  const fail = (error) => waiting?.reject(error ?? new Error('the server closed the connection'));
  socket.on('error', fail).on('close', () => fail());
  socket.on('data', (piece) => {
    pieces.push(piece);
    try {
      const answer = readAnswer(pieces.length === 1 ? piece : Buffer.concat(pieces));
      if (!answer) return;
      pieces = [];
      waiting.resolve(answer);
    } catch (error) {
      fail(error);
    }
  });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return {
    exchange: (bytes) => new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      socket.write(bytes);
    }),
    close: () => socket.removeAllListeners('close').destroy(),
  };
}
