/** The file of an export: NDJSON, every line an object with a `type`. Users come before groups, groups before their members. */
import { open } from 'node:fs/promises';
import { usage } from '../exit-codes.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** Bytes read at once. */
const CHUNK = 65_536;

export interface Head {
  readonly type: 'export';
  /** What this file describes; the numbers of later ones are higher. */
  readonly format: 1;
  readonly tenant: { readonly id: string; readonly name: string };
  readonly exportedAt: string;
  /** What has changed since the export began comes after it in the change feed; null where the token could not read that. */
  readonly changesCursor: string | null;
}
export interface ExtensionLine {
  readonly type: 'extension';
  readonly resource: 'USER' | 'GROUP';
  readonly schema: JsonObject;
}
/** `user` is what `createUser` takes. The manager is one of the file's ids. */
export interface UserLine {
  readonly type: 'user';
  readonly id: string;
  readonly user: UserDocument;
}
export interface GroupLine {
  readonly type: 'group';
  readonly id: string;
  readonly group: GroupDocument;
}
/**
 * Up to 1,000 members of a group, users and groups, by the file's ids. All lines of a group stand together; a group without members has
 * one, too.
 */
export interface MembersLine {
  readonly type: 'members';
  readonly group: string;
  readonly ids: readonly string[];
}
/** The last line: a file without it is not whole. */
export interface EndLine {
  readonly type: 'end';
  readonly users: number;
  readonly groups: number;
  readonly members: number;
}

export interface UserDocument extends JsonObject {
  readonly userName?: string;
  readonly externalId?: string | null;
  readonly enterprise?: JsonObject & { readonly manager?: { readonly value?: string } };
  readonly extensions?: JsonObject;
}
export interface GroupDocument {
  readonly displayName?: string;
  readonly externalId?: string | null;
  readonly extensions?: JsonObject;
}

export type Line = Head | ExtensionLine | UserLine | GroupLine | MembersLine | EndLine;
export interface Numbered {
  readonly number: number;
  readonly line: Line;
}

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';

const fits: Readonly<Record<Line['type'], (line: JsonObject) => boolean>> = {
  export: ({ format, tenant }) => format === 1 && isObject(tenant),
  extension: ({ resource, schema }) => (resource === 'USER' || resource === 'GROUP') && isObject(schema) && isText(schema['id']),
  user: ({ id, user }) => isText(id) && isObject(user) && isText(user['userName']),
  group: ({ id, group }) => isText(id) && isObject(group) && isText(group['displayName']),
  members: ({ group, ids }) => isText(group) && Array.isArray(ids) && ids.every(isText),
  end: ({ users, groups, members }) => [users, groups, members].every(Number.isInteger),
};

function parseLine(text: string, number: number): Line {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (error) {
    throw usage(`Line ${number} is no JSON: ${(error as Error).message}.`);
  }
  const type = isObject(line) ? line['type'] : undefined;
  if (type === 'export' && (line as JsonObject)['format'] !== 1) throw usage('The file was made by a newer CLI than this: use that one.');
  if (!isText(type) || !Object.hasOwn(fits, type) || !fits[type as Line['type']](line as JsonObject)) {
    throw usage(`Line ${number} is not one of an export: ${text.slice(0, 80)}`);
  }
  return line as Line;
}

/** The bytes of a file. It is closed before whoever reads goes on, also behind an error; a stream closes its file some time later. */
async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** The lines of a file, read as they are asked for. */
export async function* readLines(path: string): AsyncGenerator<Numbered> {
  const decoder = new TextDecoder('utf-8', { fatal: false });
  let rest = '';
  let number = 0;
  for await (const chunk of readChunks(path)) {
    const texts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = texts.pop()!;
    for (const text of texts) yield { number: (number += 1), line: parseLine(text, number) };
  }
  if (rest.trim() !== '') yield { number: number + 1, line: parseLine(rest, number + 1) };
}

/** Without nulls and empty lists, at any depth: GraphQL tells them of all that has no value. Undefined where nothing is left. */
export function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(compact).filter((each) => each !== undefined);
  if (!isObject(value)) return value ?? undefined;
  const entries = Object.entries(value)
    .map(([name, each]) => [name, compact(each)] as const)
    .filter(([, each]) => each !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

interface Node {
  readonly id: string;
  readonly version: number;
  readonly attributes: JsonObject;
}

/** What an export tells of a user or group: everything that can be written, by the names that it is written by. */
export function documentOf(
  { id: _, version: _version, attributes, ...fields }: Node,
  urns: readonly string[],
): { readonly displayName?: string } & UserDocument {
  const extensions = Object.fromEntries(urns.filter((urn) => attributes[urn] !== undefined).map((urn) => [urn, attributes[urn]]));
  return (compact({ ...fields, extensions }) ?? {}) as UserDocument & { readonly displayName?: string };
}
