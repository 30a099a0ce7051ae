// Keeps a copy of a tenant's users, groups and members in a folder, for ever. See README.md.
import { setTimeout as wait } from 'node:timers/promises';
import { client, Refusal } from './graphql.mjs';
import { takeSnapshot } from './snapshot.mjs';
import { openStore } from './store.mjs';

const { IDENTITY_GRAPHQL_URL, IDENTITY_TOKEN, REPLICA_DIR = 'replica', REPLICA_PAUSE = '1000' } = process.env;
if (!IDENTITY_GRAPHQL_URL || !IDENTITY_TOKEN) {
  process.stderr.write(
    'Set IDENTITY_GRAPHQL_URL, as in http://127.0.0.1:4000/graphql, and IDENTITY_TOKEN, a GraphQL token of the tenant.\n',
  );
  process.exit(2);
}

const CHANGES = `query ($after: String!) {
  changes(first: 500, after: $after) { nodes { kind subjectType subjectId version before after } pageInfo { hasNextPage endCursor } }
}`;

const say = (text) => process.stdout.write(`${text}\n`);
const ask = client(IDENTITY_GRAPHQL_URL, IDENTITY_TOKEN, (error) => process.stderr.write(`${error.message}; trying again\n`));
const store = openStore(REPLICA_DIR);

async function begin() {
  const { copy, cursor } = await takeSnapshot(ask);
  store.begin(copy, cursor);
  say(`copied ${copy.users.size} users and ${copy.groups.size} groups`);
}

/** Takes in the next page of the feed; answers whether there is more already. */
async function follow() {
  const { changes } = await ask(CHANGES, { after: store.cursor });
  const { hasNextPage, endCursor } = changes.pageInfo;
  if (endCursor !== store.cursor) store.add({ cursor: endCursor, changes: changes.nodes });
  if (changes.nodes.length > 0) say(`took in ${changes.nodes.length} changes`);
  return hasNextPage;
}

if (!store.cursor) await begin();
for (;;) {
  try {
    if (!(await follow())) await wait(Number(REPLICA_PAUSE));
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'EXPIRED_CURSOR') throw error;
    say('the feed no longer reaches back to this copy: beginning anew');
    await begin();
  }
}
