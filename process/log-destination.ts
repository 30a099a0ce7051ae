/**
 * Where log lines go, so that nothing that happens to them keeps the program from its work: a full disk, a reader that reads no more, a
 * pipe that is closed. pino's own (sonic-boom) tries for ever to write what is left when the program ends; on a full disk it was stopped by
 * SIGKILL alone.
 */
import { fstatSync, write, writeSync } from 'node:fs';
import { Socket } from 'node:net';

/** What pino writes to. */
export interface LogDestination {
  write(line: string): void;
  /** Calls back when all that has come so far is written, or lost. */
  flush(done: () => void): void;
}

/** Characters that may wait; what comes beyond is lost. */
const MOST_WAITING = 500_000;
/** Of lines that are gathered: so many characters, or so many milliseconds. To write each by itself costs a request a tenth of its time. */
const GATHERED = 16_000;
const GATHER_MILLISECONDS = 200;
/** A write that is under way for longer is taken for one that never ends. */
const STUCK_MILLISECONDS = 1000;

const STDERR = 2;

/** Writes all of it, and tells when that is done or why it is not. */
type WriteAll = (bytes: Buffer, done: (error?: NodeJS.ErrnoException | null) => void) => void;

const toFile = (fd: number): WriteAll => {
  const writeFrom = (bytes: Buffer, start: number, done: Parameters<WriteAll>[1]): void =>
    write(fd, bytes, start, bytes.length - start, null, (error, written) => {
      if (error || start + written === bytes.length) done(error);
      else writeFrom(bytes, start + written, done);
    });
  return (bytes, done) => writeFrom(bytes, 0, done);
};

/** As a file, a pipe that nobody reads would keep a thread for ever, and with it the process from ending. */
const toPipe = (fd: number): WriteAll => {
  const socket = new Socket({ fd, readable: false, writable: true }).unref().on('error', () => undefined); // told to whoever writes
  return (bytes, done) => void socket.write(bytes, done);
};

function writerTo(fd: number): WriteAll {
  const kind = fstatSync(fd);
  return kind.isFIFO() || kind.isSocket() ? toPipe(fd) : toFile(fd);
}

class Destination implements LogDestination {
  #waiting = '';
  #lost = 0;
  #since: number | undefined; // that a write is under way
  #timer: NodeJS.Timeout | undefined;
  #flushed: (() => void)[] = [];
  readonly #writeAll: WriteAll;

  constructor(
    readonly fd: number,
    readonly isGathering: boolean,
  ) {
    this.#writeAll = writerTo(fd);
    process.once('exit', () => this.#writeRest());
  }

  write(line: string): void {
    if (this.#waiting.length > MOST_WAITING) return this.#lose(undefined);
    this.#waiting += line;
    this.#schedule();
  }

  #schedule(): void {
    if (!this.isGathering || this.#waiting.length > GATHERED) return this.#begin();
    this.#timer ??= setTimeout(() => this.#begin(), GATHER_MILLISECONDS).unref();
  }

  flush(done: () => void): void {
    this.#flushed.push(done);
    this.#begin();
  }

  #begin(): void {
    if (this.#since !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting === '') return this.#tellFlushed();
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = '';
    this.#since = performance.now();
    this.#writeAll(bytes, (error) => {
      this.#since = undefined;
      if (error) this.#lose(error);
      else this.#tellBack();
      if (this.#waiting === '') this.#tellFlushed();
      else this.#schedule();
    });
  }

  #tellFlushed(): void {
    const flushed = this.#flushed;
    this.#flushed = [];
    for (const done of flushed) done();
  }

  #lose(error: NodeJS.ErrnoException | undefined): void {
    this.#lost += 1;
    if (this.#lost === 1) this.#tell(`log lines are lost: ${error?.code ?? 'nobody reads them'}`);
  }

  #tellBack(): void {
    if (this.#lost > 0) this.#tell('the log is written again');
    this.#lost = 0;
  }

  #tell(sentence: string): void {
    if (this.fd !== STDERR) write(STDERR, `${sentence}\n`, () => undefined);
  }

  /** There is no event loop any more. */
  #writeRest(): void {
    const isStuck = this.#since !== undefined && performance.now() - this.#since > STUCK_MILLISECONDS;
    if (isStuck || this.#waiting === '') return;
    try {
      writeSync(this.fd, this.#waiting);
    } catch {
      // Nobody can be told any more.
    }
  }
}

/** Writes to what is open as this number, as 1 for stdout; gathers lines for a moment where there are many. */
export const logDestination = (fd: number, { isGathering = false } = {}): LogDestination => new Destination(fd, isGathering);
