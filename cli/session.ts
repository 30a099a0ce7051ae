/** One run of a command: where the core is, with which token, and where the answers go. */
import { readFile } from 'node:fs/promises';
import { createIdentityClient, type IdentityClient } from '../client/index.js';
import { usage } from './exit-codes.js';
import { type Io, readAll, withoutLineBreak } from './io.js';
import { type Output, openOutput } from './output.js';
import { type Profile, readProfiles } from './profiles.js';

export interface GlobalOptions {
  readonly url?: string;
  readonly profile?: string;
  readonly tokenFile?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly retries?: number;
}

export interface Target {
  readonly url: string;
  /** Absent where nothing says one. */
  readonly token: string | undefined;
}

export interface Session extends Output {
  readonly io: Io;
  readonly options: GlobalOptions;
  /** Runs a document on the core that is meant, with its token. */
  readonly run: IdentityClient['run'];
  /** The same, without repeating what was put off or lost. */
  readonly runOnce: IdentityClient['run'];
  /** The same without a token, for what needs none. */
  readonly runOpenly: IdentityClient['run'];
  /** What is meant. Throws where nothing says it. */
  target(): Promise<Target>;
  /** The id of the last request, to quote. */
  lastRequestId(): string | undefined;
  /** The answer that came last, for its headers. */
  lastResponse(): Response | undefined;
}

const NO_URL =
  'Say where the core is: set IDENTITY_GRAPHQL_URL, as in https://identity.example.com/graphql, or use --url, or keep a profile with "identity login".';
const NO_TOKEN =
  'Say which token to use: set IDENTITY_TOKEN, or use --token-file (or "-" for stdin), or keep a profile with "identity login".';

/** The text of a file, or of stdin for `-`. */
export async function readGiven({ stdin }: Io, path: string, what: string): Promise<string> {
  if (path === '-') {
    if (stdin.isTTY) throw usage(`Give ${what} on stdin, as in "command | identity …", or in a file.`);
    return readAll(stdin.read());
  }
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw usage(`${path} cannot be read for ${what}: ${(error as Error).message}.`);
  }
}

/** A secret of one line. */
export async function readSecret(io: Io, path: string, what: string): Promise<string> {
  const secret = withoutLineBreak(await readGiven(io, path, what));
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    throw usage(`What was given is not ${what}: it is one line of visible ASCII characters, and nothing else.`);
  }
  return secret;
}

async function findProfile(io: Io, name: string | undefined): Promise<Profile | undefined> {
  const file = await readProfiles(io);
  const wanted = name ?? file?.default;
  const profile = wanted === undefined ? undefined : Object.entries(file?.profiles ?? {}).find(([each]) => each === wanted)?.[1];
  if (!profile && name !== undefined) throw usage(`There is no profile "${name}". Make it: identity login --profile ${name} --url …`);
  return profile;
}

function checkedUrl(text: string): string {
  const url = URL.parse(text);
  if (url && ['http:', 'https:'].includes(url.protocol)) return text;
  throw usage(`"${text}" is no URL of a core: write it as https://identity.example.com/graphql.`);
}

/** Flags come first, then a profile that is named, then the environment, then the default profile, whose token goes to its own URL only. */
async function resolveTarget(
  io: Io,
  { url, profile: name = io.environment['IDENTITY_PROFILE'] || undefined, tokenFile }: GlobalOptions,
): Promise<Target> {
  const given = {
    url: url ?? (name === undefined ? io.environment['IDENTITY_GRAPHQL_URL'] || undefined : undefined),
    token: name === undefined ? io.environment['IDENTITY_TOKEN'] || undefined : undefined,
  };
  const needsProfile = name !== undefined || given.url === undefined || (given.token === undefined && tokenFile === undefined);
  const profile = needsProfile ? await findProfile(io, name) : undefined;
  const target = given.url ?? profile?.url;
  if (target === undefined) throw usage(NO_URL);
  const kept = profile?.url === target ? profile.token : undefined;
  const token = tokenFile === undefined ? (given.token ?? kept) : await readSecret(io, tokenFile, 'a token');
  return { url: checkedUrl(target), token };
}

/**
 * Opens a session; nothing is read or asked before the first document is run. `retries` is how often what was put off is asked for again,
 * where no option says.
 */
export function openSession(io: Io, options: GlobalOptions, retries: number): Session {
  let response: Response | undefined;
  let target: Promise<Target> | undefined;
  const send: typeof fetch = async (...args) => (response = await fetch(...args));
  const aim = () => (target ??= resolveTarget(io, options));
  const patience = { fetch: send, retries: options.retries ?? retries, longestWait: 60 };
  const running =
    (more: { retries?: number } = {}): IdentityClient['run'] =>
    async (...args) => {
      const { url, token } = await aim();
      if (token === undefined) throw usage(NO_TOKEN);
      return createIdentityClient({ url, token, ...patience, ...more }).run(...args);
    };
  const runOpenly: IdentityClient['run'] = async (...args) => createIdentityClient({ url: (await aim()).url, ...patience }).run(...args);
  return {
    ...openOutput(io, options.json ?? false, options.quiet ?? false),
    io,
    options,
    run: running(),
    runOnce: running({ retries: 0 }),
    runOpenly,
    target: aim,
    lastRequestId: () => response?.headers.get('x-request-id') ?? undefined,
    lastResponse: () => response,
  };
}
