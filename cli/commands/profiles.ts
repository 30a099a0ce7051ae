/** `identity login`, `logout` and `profiles`: URLs and tokens under a name. */
import type { Command } from 'commander';
import { CheckCaller, createIdentityClient } from '../../client/index.js';
import { missing, usage } from '../exit-codes.js';
import { profilePath, readProfiles, writeProfiles } from '../profiles.js';
import type { Runner } from '../runner.js';
import { readSecret, type Session } from '../session.js';

const NAME = /^[\w.-]{1,64}$/;

async function login({ io, options, one }: Session, { check = true }: { check?: boolean }): Promise<void> {
  const { profile: name = 'default', tokenFile = '-' } = options;
  const url = options.url ?? (io.environment['IDENTITY_GRAPHQL_URL'] || undefined);
  if (!NAME.test(name)) throw usage('A name of a profile is made of letters, digits, ".", "-" and "_".');
  if (url === undefined || !URL.canParse(url)) {
    throw usage('Say where the core is: identity login --url https://identity.example.com/graphql');
  }
  const token = await readSecret(io, tokenFile, 'a token');
  const caller = check ? (await createIdentityClient({ url, token }).run(CheckCaller)).caller : undefined;
  const file = await readProfiles(io);
  const path = await writeProfiles(io, { default: file?.default ?? name, profiles: { ...file?.profiles, [name]: { url, token } } });
  await one(
    { profile: name, url, path, tenant: caller?.tenant.name ?? null, tokenExpiresAt: caller?.tokenExpiresAt ?? null },
    {
      profile: name,
      url,
      'kept in': path,
      tenant: caller?.tenant.name,
      'token expires': caller?.tokenExpiresAt,
    },
  );
}

async function logout({ io, options, one }: Session): Promise<void> {
  const file = await readProfiles(io);
  const name = options.profile ?? file?.default ?? 'default';
  const { [name]: gone, ...profiles } = file?.profiles ?? {};
  if (!gone) throw missing(`There is no profile "${name}".`);
  await writeProfiles(io, { default: file?.default === name ? Object.keys(profiles)[0] : file?.default, profiles });
  await one({ profile: name }, { forgotten: name, token: 'is good still: "identity tokens revoke" ends it' });
}

async function list({ io, table, note }: Session): Promise<void> {
  const file = await readProfiles(io);
  if (!file) await note(`There is no profile yet; "identity login" keeps one in ${profilePath(io)}.`);
  await table<{ profile: string; url: string; isDefault: boolean }>([
    { header: 'PROFILE', of: ({ profile }) => profile },
    { header: 'URL', of: ({ url }) => url },
    { header: 'DEFAULT', of: ({ isDefault }) => (isDefault ? 'yes' : 'no') },
  ])(Object.entries(file?.profiles ?? {}).map(([profile, { url }]) => ({ profile, url, isDefault: profile === file?.default })));
}

async function use({ io, one }: Session, _: object, name: string): Promise<void> {
  const file = await readProfiles(io);
  if (!file || !Object.hasOwn(file.profiles, name)) throw missing(`There is no profile "${name}".`);
  await writeProfiles(io, { ...file, default: name });
  await one({ profile: name }, { default: name });
}

/** Adds the commands. */
export function addProfiles(program: Command, run: Runner): void {
  program
    .command('login')
    .summary('Keeps a URL and a token as a profile.')
    .description(
      'Keeps --url and a token, from stdin or --token-file, as a profile (--profile, or "default"), in a file that you alone can read.',
    )
    .option('--no-check', 'does not ask the core whether the token is good')
    .action(run(login));
  program.command('logout').description('Forgets a profile. The token stays good.').action(run(logout));
  const profiles = program.command('profiles').description('The profiles that are kept.');
  profiles.command('list').description('Lists them, without the tokens.').action(run(list));
  profiles.command('use').description('Makes one the default.').argument('<profile>', 'its name').action(run(use));
}
