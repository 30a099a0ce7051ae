/** HTTP on a plain socket, one request at a time: a client that costs the machine little. */
import { connect } from 'node:net';

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const END_OF_LINE = Buffer.from('\r\n');
const END_OF_CHUNKS = Buffer.from('\r\n0\r\n\r\n'); // no JSON holds a bare line break: this can only be the end

/** What the head of an answer says; undefined while it is not complete. */
function readHead(bytes) {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end < 0) return undefined;
  const head = bytes.latin1Slice(0, end);
  const status = Number(head.slice(9, 12));
  const start = end + END_OF_HEAD.length;
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? [];
  if (length !== undefined) return { status, start, total: start + Number(length) };
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return { status, start, isChunked: true };
  if (status !== 204 && status !== 304) throw new Error(`an answer that does not say where it ends: ${head}`);
  return { status, start, total: start };
}

/** The body without the lengths of its chunks. */
function joinChunks(bytes) {
  const chunks = [];
  for (let at = 0; ;) {
    const line = bytes.indexOf(END_OF_LINE, at);
    const length = Number.parseInt(bytes.latin1Slice(at, line), 16);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(line + END_OF_LINE.length, line + END_OF_LINE.length + length));
    at = line + END_OF_LINE.length + length + END_OF_LINE.length;
  }
}

/** Gathers the pieces of an answer; a long one is put together once, at its end. `add` answers it as soon as it is complete. */
function gather() {
  let pieces = [];
  let size = 0;
  let head;
  const whole = () => {
    if (pieces.length > 1) pieces = [Buffer.concat(pieces)];
    return pieces[0];
  };
  const isComplete = () => {
    if (!head.isChunked) return size >= head.total;
    const last = pieces.at(-1).length < END_OF_CHUNKS.length ? whole() : pieces.at(-1);
    return last.subarray(-END_OF_CHUNKS.length).equals(END_OF_CHUNKS);
  };
  const add = (piece) => {
    pieces.push(piece);
    size += piece.length;
    head ??= readHead(whole());
    if (!head || !isComplete()) return undefined;
    const { status, start, total, isChunked } = head;
    const body = isChunked ? joinChunks(whole().subarray(start)) : whole().subarray(start, total);
    [pieces, size, head] = [[], 0, undefined];
    return { status, body };
  };
  return add;
}

/** A connection: `exchange` sends a request and waits for its answer. */
export async function open(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const add = gather();
  let waiting;
  const fail = (error) => waiting?.reject(error ?? new Error('the server closed the connection'));
  socket.on('error', fail).on('close', () => fail());
  socket.on('data', (piece) => {
    try {
      const answer = add(piece);
      if (answer) waiting.resolve(answer);
    } catch (error) {
      fail(error);
    }
  });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return {
    exchange: (bytes) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(bytes);
      }),
    close: () => socket.removeAllListeners('close').destroy(),
  };
}
