/** A tenant, page after page. Each step writes its lines and answers the place to go on from: an export that is killed goes on there. */
import {
  CheckCaller,
  ExportGroupMembers,
  ExportGroups,
  ExportUsers,
  IdentityError,
  ListGroupMembers,
  ReadChangesCursor,
} from '../../client/index.js';
import type { Session } from '../session.js';
import { documentOf, type ExtensionLine, type Head, type Line } from './lines.js';

export interface Place {
  readonly phase: 'head' | 'users' | 'groups' | 'members' | 'end';
  readonly after: string | null;
  readonly users: number;
  readonly groups: number;
  readonly members: number;
  /** The URNs of what the tenant has declared. */
  readonly extensions: readonly string[];
}
export type WriteLine = (line: Line) => void;
type Run = Session['run'];
type Step = (run: Run, place: Place, write: WriteLine) => Promise<Place>;

export const beginning: Place = { phase: 'head', after: null, users: 0, groups: 0, members: 0, extensions: [] };

const USERS_IN_A_PAGE = 500;
const GROUPS_IN_A_PAGE = 500;
/** Of so many groups the first members are read at once: 20,000 nodes, of 25,000 that one operation may ask for. */
const GROUPS_AT_ONCE = 20;
const MEMBERS_IN_A_PAGE = 1000;

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}
const next = (place: Place, { hasNextPage, endCursor }: PageInfo, phase: Place['phase']): Place =>
  hasNextPage ? { ...place, after: endCursor } : { ...place, phase, after: null };

/** Asked for before anything else is read: whatever changes from here on comes after it. */
async function changesCursorOf(run: Run): Promise<string | null> {
  try {
    return (await run(ReadChangesCursor)).changesCursor;
  } catch (error) {
    if (error instanceof IdentityError && error.code === 'FORBIDDEN') return null;
    throw error;
  }
}

const writeHead: Step = async (run, place, write) => {
  const changesCursor = await changesCursorOf(run);
  const {
    tenant: { id, name, extensions },
  } = (await run(CheckCaller)).caller;
  write({ type: 'export', format: 1, tenant: { id, name }, exportedAt: new Date().toISOString(), changesCursor } satisfies Head);
  const declared = extensions as readonly { resource: string; schema: ExtensionLine['schema'] }[];
  // Told as SCIM names it, and declared as GraphQL does.
  for (const { resource, schema } of declared) {
    write({ type: 'extension', resource: resource.toUpperCase() as ExtensionLine['resource'], schema });
  }
  return { ...place, phase: 'users', extensions: declared.map(({ schema }) => String(schema['id'])) };
};

const writeUsers: Step = async (run, place, write) => {
  const {
    users: { nodes, pageInfo },
  } = await run(ExportUsers, { first: USERS_IN_A_PAGE, after: place.after, extensions: place.extensions });
  for (const node of nodes) write({ type: 'user', id: node.id, user: documentOf(node, place.extensions) });
  return next({ ...place, users: place.users + nodes.length }, pageInfo, 'groups');
};

const writeGroups: Step = async (run, place, write) => {
  const {
    groups: { nodes, pageInfo },
  } = await run(ExportGroups, { first: GROUPS_IN_A_PAGE, after: place.after, extensions: place.extensions });
  for (const node of nodes) write({ type: 'group', id: node.id, group: documentOf(node, place.extensions) });
  return next({ ...place, groups: place.groups + nodes.length }, pageInfo, 'members');
};

/** The first members of some groups in one question, the rest of the large ones page after page. */
const writeMembers: Step = async (run, place, write) => {
  const {
    groups: { nodes, pageInfo },
  } = await run(ExportGroupMembers, { first: GROUPS_AT_ONCE, after: place.after, members: MEMBERS_IN_A_PAGE });
  let members = 0;
  for (const { id, members: first } of nodes) {
    for (let page: typeof first | undefined = first; page;) {
      write({ type: 'members', group: id, ids: page.nodes.map((member) => member.id) });
      members += page.nodes.length;
      if (!page.pageInfo.hasNextPage) break;
      page = (await run(ListGroupMembers, { by: { id }, first: MEMBERS_IN_A_PAGE, after: page.pageInfo.endCursor })).group?.members;
    }
  }
  return next({ ...place, members: place.members + members }, pageInfo, 'end');
};

const steps: Readonly<Record<Exclude<Place['phase'], 'end'>, Step>> = {
  head: writeHead,
  users: writeUsers,
  groups: writeGroups,
  members: writeMembers,
};

/** Does one step. At the end there is nothing to read, and the last line to write. */
export async function step(run: Run, place: Place, write: WriteLine): Promise<Place | undefined> {
  if (place.phase !== 'end') return steps[place.phase](run, place, write);
  write({ type: 'end', users: place.users, groups: place.groups, members: place.members });
  return undefined;
}
