/** All commands in one tree. Parsing, help and their errors are commander's. */
import { createRequire } from 'node:module';
import { Command, type OutputConfiguration } from 'commander';
import { addTenants } from './commands/tenants.js';
import { addClients } from './commands/clients.js';
import { addTokens } from './commands/tokens.js';
import { addUsers } from './commands/users.js';
import { addGroups } from './commands/groups.js';
import { addMembers } from './commands/members.js';
import { addChanges } from './commands/changes.js';
import { addRefused } from './commands/refused.js';
import { addDoctor } from './commands/doctor.js';
import { addProfiles } from './commands/profiles.js';
import { addTransfer } from './commands/transfer.js';
import { retries } from './options.js';
import type { Runner } from './runner.js';

const { version } = createRequire(import.meta.url)('condeco-identity/package.json') as { readonly version: string };

/** Wide enough for the longest line: what the reference holds must not depend on a terminal. */
const HELP_WIDTH = 140;

/** The program, with every command. `output` is where help and complaints go. */
export function buildProgram(run: Runner, output: OutputConfiguration): Command {
  const program = new Command('identity')
    .description('Users, groups, tokens and tenants of the identity core, from the command line.')
    .version(version)
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({
      getOutHelpWidth: () => HELP_WIDTH,
      getErrHelpWidth: () => HELP_WIDTH,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      ...output,
    })
    .showHelpAfterError('Add --help to see what the command takes.')
    .exitOverride()
    .option('-u, --url <url>', "where the core is; otherwise IDENTITY_GRAPHQL_URL, or the profile's")
    .option('--profile <name>', 'the profile to use; otherwise IDENTITY_PROFILE, or the default one')
    .option('--token-file <path>', 'the file that holds the token, "-" for stdin; otherwise IDENTITY_TOKEN, or the profile\'s')
    .option(
      '--retries <count>',
      'how often what was put off (429, 503) or lost is sent again; 4 if absent, and 20 for changes, export and import',
      retries,
    )
    .option('--json', 'answers as JSON, one document a line')
    .option('-q, --quiet', 'less words: no headers and notes; of what is made, the secret or the id alone');
  for (const add of [
    addTenants,
    addClients,
    addTokens,
    addUsers,
    addGroups,
    addMembers,
    addChanges,
    addRefused,
    addTransfer,
    addDoctor,
    addProfiles,
  ]) {
    add(program, run);
  }
  return program;
}
