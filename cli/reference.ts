/** The reference of the CLI, made from its own help: what docs/cli.md must hold. */
import type { Command } from 'commander';
import { exitCodes } from './exit-codes.js';
import { buildProgram } from './program.js';

const INTRODUCTION = `<!-- Made by \`npm run cli-reference\` from the help of the CLI. Do not edit. -->
# identity: the command line

For operators and engineers: tenants, clients, tokens, users, groups, members and changes, a tenant as a file, and a doctor. It asks the core by GraphQL, as every other client does, and can do
nothing that the token does not permit. In a clone of this project it is \`npx identity …\` (it installs and builds what is missing); in an image, \`node dist/cli/main.js …\`.

\`\`\`sh
export IDENTITY_GRAPHQL_URL=https://identity.example.com/graphql IDENTITY_TOKEN=condeco_…
npx identity doctor
npx identity users list --filter 'active eq true and userName ew "@example.com"' --order-by userName
npx identity tokens list --expiring-within 30d --json | jq -r .id
\`\`\`

## Where the core is, and with which token

Flags come first (\`--url\`, \`--token-file\`), then a profile that is named (\`--profile\`, \`IDENTITY_PROFILE\`), then the environment (\`IDENTITY_GRAPHQL_URL\`, \`IDENTITY_TOKEN\`), then the default
profile. The token of a profile is sent to the URL of that profile and to no other.

There is no flag for a token or a secret: whoever lists the processes of the machine would read it, and so would the history of the shell. Give it in the environment, in a file (\`--token-file\`), on
stdin (\`--token-file -\`), or keep it as a profile:

\`\`\`sh
npx identity tokens issue --url https://identity.example.com/graphql --client-id … --audience graphql --expires-in 90d -q < secret.txt |
  npx identity login --url https://identity.example.com/graphql --profile production
\`\`\`

Profiles are in \`~/.config/condeco-identity/profiles.json\`, or below \`XDG_CONFIG_HOME\`. The file is for its owner alone (mode 0600) and is refused if others can read it.

## What comes out

Results are on stdout, everything else is on stderr. For people they are tables; names and descriptions that others have written are shown without their control characters. With \`--json\` every
result is a line with one JSON document: of a list one for each element, named as in [the API](../schema/identity.graphql). Members may be added to the documents; those that are there stay. A
refusal is \`{"error": {"code", "message", "field", "requestId", "exitCode"}}\`, on stderr; the codes are those of [errors.md](errors.md). With \`--quiet\` a command that makes something prints its secret
or id alone. Secrets are shown once, when they are made.

What was put off (429, 503) is sent again after the time that the core says, as often as \`--retries\` allows. Writes carry an idempotency key where the core takes one, so that an answer that was lost is
asked for again without doing anything twice.

| exit code | what it says |
| --- | --- |
`;

const TRANSFER = `
## A tenant as a file

\`identity export\` writes NDJSON: a line of the type \`export\` (tenant, time, and the cursor of the change feed from which on changes are not in the file), one \`extension\` for each set of attributes that the
tenant has declared, then \`user\`, \`group\` and \`members\` lines, and an \`end\` with the counts, without which the file is not whole. \`user\` and \`group\` hold what \`createUser\` and \`createGroup\` take. Ids are
those of the tenant it was read from, and good for telling who is whose manager and member.

\`identity import\` reads the whole file before it writes anything. Users are known again by their user name, groups by their external id, or else their display name. Who is not there is created, who
differs is made what the file says, members of a group are exactly those of the file; nobody is deleted. Groups in groups and managers are put in when everybody is there. Repeated, it changes nothing.

Both go on where they were when the command is repeated after a kill: an export by \`FILE.state.json\` beside \`FILE.partial\`, an import by \`FILE.import-state\`; they are gone when all is done. Lines that
could not be taken are told on stderr with their numbers, the others are taken, and the exit code is 7: the command repeated begins anew, and takes what is missing. Cursors of an export are good for a day. Files hold people's data, and are made readable by
their owner alone.

`;

/** Options for all commands are told once. */
function helpOf(command: Command): string {
  return command.configureHelp({ showGlobalOptions: false }).helpInformation().trimEnd();
}

const nameOf = (command: Command): string => (command.parent?.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name());

const sectionOf = (command: Command, level: number): string =>
  `${'#'.repeat(level)} ${nameOf(command)}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`;

function* sectionsOf(program: Command): Generator<string> {
  for (const command of program.commands) {
    yield sectionOf(command, 3);
    for (const each of command.commands) yield sectionOf(each, 4);
  }
}

/** The whole page, as Markdown. */
export function printReference(): string {
  const program = buildProgram(() => async () => undefined, {});
  const codes = exitCodes.map(({ code, meaning }) => `| ${code} | ${meaning} |\n`).join('');
  return `${INTRODUCTION}${codes}${TRANSFER}## Commands\n\n\`\`\`text\n${helpOf(program)}\n\`\`\`\n\n${[...sectionsOf(program)].join('\n')}`;
}
