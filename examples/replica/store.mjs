// The copy on disk. `copy.N.jsonl` holds it as it once was, `journal.N.jsonl` what came since: one line for each page of the feed, with the
// cursor
// behind it, so that changes and cursor are kept together or not at all. `state.json` says which N counts; it is replaced by a rename.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { addLine, apply, emptyCopy, linesOf } from './copy.mjs';

function writeWhole(path, lines) {
  const file = openSync(path, 'w');
  let bytes = 0;
  for (const line of lines) bytes += writeSync(file, `${line}\n`);
  fsyncSync(file);
  closeSync(file);
  return bytes;
}

const linesIn = (text) => text.split('\n').filter((line) => line !== '');

/**
 * Opens the copy in the folder. `copy` and `cursor` are undefined where nothing is kept yet. The journal may grow to the size of the copy,
 * and to this in any case.
 */
export function openStore(folder, leastJournal = 4_000_000) {
  mkdirSync(folder, { recursive: true });
  const statePath = join(folder, 'state.json');
  let number = existsSync(statePath) ? JSON.parse(readFileSync(statePath, 'utf8')).number : 0;
  let journal;
  let journalBytes = 0;
  let copyBytes = 0;
  const pathOf = (name) => join(folder, `${name}.${number}.jsonl`);
  const store = { copy: undefined, cursor: undefined };

  function load() {
    const kept = readFileSync(pathOf('copy'), 'utf8');
    const [head, ...lines] = linesIn(kept);
    copyBytes = Buffer.byteLength(kept);
    store.copy = emptyCopy();
    store.cursor = JSON.parse(head).cursor;
    for (const line of lines) addLine(store.copy, line);
    const text = readFileSync(pathOf('journal'), 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1); // a kill may have left half a line: it will be read again
    truncateSync(pathOf('journal'), Buffer.byteLength(whole));
    for (const line of linesIn(whole)) take(JSON.parse(line));
    openJournal(Buffer.byteLength(whole));
  }

  function openJournal(bytes) {
    journal = openSync(pathOf('journal'), 'a');
    journalBytes = bytes;
  }

  function take({ cursor, changes }) {
    for (const change of changes) apply(store.copy, change);
    store.cursor = cursor;
  }

  /** Keeps a whole copy and begins an empty journal; what was before is gone once the state says so. */
  store.begin = (copy, cursor) => {
    if (journal !== undefined) closeSync(journal);
    number += 1;
    copyBytes = writeWhole(pathOf('copy'), [JSON.stringify({ cursor }), ...linesOf(copy)]);
    writeWhole(pathOf('journal'), []);
    writeWhole(`${statePath}.new`, [JSON.stringify({ number })]);
    renameSync(`${statePath}.new`, statePath);
    for (const name of readdirSync(folder)) {
      if (/^(copy|journal)\.\d+\.jsonl$/.test(name) && !name.includes(`.${number}.`)) rmSync(join(folder, name));
    }
    Object.assign(store, { copy, cursor });
    openJournal(0);
  };

  /** Keeps a page of the feed, then takes it into the copy. */
  store.add = (page) => {
    const line = Buffer.from(`${JSON.stringify(page)}\n`);
    writeSync(journal, line);
    fsyncSync(journal);
    journalBytes += line.length;
    take(page);
    if (journalBytes > Math.max(leastJournal, copyBytes)) store.begin(store.copy, store.cursor);
  };

  if (number > 0) load();
  return store;
}
