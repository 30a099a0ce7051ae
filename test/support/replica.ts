/** The consumer in examples/replica as a process, and what its copy is compared with. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Ask } from './feed.js';
import { launch, type Program } from './process.js';

export interface Replica {
  readonly folder: string;
  /** Starts the consumer, or starts it again. */
  start(): void;
  /** Waits until the run has taken something in. */
  moves(): Promise<void>;
  /** Ends it at once, wherever it is. */
  kill(): Promise<void>;
  /** What it holds, once it is ended: each user and group by its id. */
  held(): Promise<Holding>;
  /** What it has written to stderr, all runs together. */
  complaints(): string;
  remove(): Promise<void>;
}

/** Users and groups as lines that can be compared. */
export type Holding = readonly string[];

interface Resource {
  readonly id: string;
  readonly version: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly members?: readonly string[];
}

const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .toSorted(([one], [other]) => (one < other ? -1 : 1))
          .map(([name, part]) => [name, sorted(part)]),
      )
    : value;

const lineOf = ({ id, version, attributes, members }: Resource): string =>
  JSON.stringify([id, version, sorted(attributes), members?.toSorted()]);

export async function makeReplica(url: string, token: string, kept?: string): Promise<Replica> {
  const folder = kept ?? (await mkdtemp(path.join(tmpdir(), 'identity-replica-')));
  const variables = { IDENTITY_GRAPHQL_URL: url, IDENTITY_TOKEN: token, REPLICA_DIR: folder, REPLICA_PAUSE: '20' };
  const runs: Program[] = [];
  return {
    folder,
    start: () => void runs.push(launch('examples/replica/main.mjs', [], variables)),
    moves: async () => runs.at(-1)!.shows('\n'),
    kill: async () => void (await runs.at(-1)?.stop('SIGKILL')),
    held: async () => {
      const show = launch('examples/replica/show.mjs', [], variables);
      if ((await show.ended) !== 0) throw new Error(show.err());
      const lines = show
        .out()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { user?: Resource; group?: Resource });
      return lines.map(({ user, group }) => lineOf((user ?? group)!)).toSorted();
    },
    complaints: () => runs.map((run) => run.err()).join(''),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

async function nodesOf<Node>(
  ask: Ask,
  query: string,
  variables: object,
  pageIn: (data: Record<string, unknown>) => Page<Node>,
): Promise<Node[]> {
  const found: Node[] = [];
  for (let after: string | undefined; ;) {
    const { data, errors } = await ask(query, { ...variables, after });
    if (!data) throw new Error(JSON.stringify(errors));
    const { nodes, pageInfo } = pageIn(data);
    found.push(...nodes);
    if (!pageInfo.hasNextPage) return found;
    after = pageInfo.endCursor;
  }
}

const LIST = (name: string) =>
  `query ($after: String) { ${name}(first: 1000, after: $after) { nodes { id version attributes } pageInfo { hasNextPage endCursor } } }`;
const MEMBERS =
  'query ($id: ID!, $after: String) { group(by: { id: $id }) { members(first: 1000, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } }';

/** What the tenant holds. */
export async function holdingOf(ask: Ask): Promise<Holding> {
  const users = await nodesOf<Resource>(ask, LIST('users'), {}, (data) => data['users'] as Page<Resource>);
  const groups = await nodesOf<Resource>(ask, LIST('groups'), {}, (data) => data['groups'] as Page<Resource>);
  const whole = await Promise.all(
    groups.map(async (group) => {
      const members = await nodesOf<{ id: string }>(
        ask,
        MEMBERS,
        { id: group.id },
        (data) => (data['group'] as { members: Page<{ id: string }> }).members,
      );
      return { ...group, members: members.map(({ id }) => id) };
    }),
  );
  return [...users, ...whole].map(lineOf).toSorted();
}

/** Kills and starts the consumer until it holds what the tenant does, or for so long; answers what it holds, and is then ended. */
export async function settled(replica: Replica, expected: Holding, milliseconds = 60_000): Promise<Holding> {
  const deadline = Date.now() + milliseconds;
  for (let pause = 700; ; pause *= 1.5) {
    // a busy machine takes longer than that to start a process
    await wait(pause);
    await replica.kill();
    const held = await replica.held();
    if (JSON.stringify(held) === JSON.stringify(expected) || Date.now() > deadline) return held;
    replica.start();
  }
}
