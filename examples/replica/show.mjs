// Prints the copy, a line of JSON for each user and group. Not while main.mjs runs on the same folder.
import { emptyCopy, linesOf } from './copy.mjs';
import { openStore } from './store.mjs';

const { copy = emptyCopy() } = openStore(process.env.REPLICA_DIR ?? 'replica');
for (const line of linesOf(copy)) process.stdout.write(`${line}\n`);
