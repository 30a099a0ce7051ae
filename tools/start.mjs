// npm start: from a fresh clone to a running system. `node tools/start.mjs [standalone|identity|gateway]`
import { build, install, run, say } from './steps.mjs';

const programs = {
  standalone: 'dist/services/standalone/main.js',
  identity: 'dist/services/identity/main.js',
  gateway: 'dist/gateway/main.js',
};

const name = process.argv[2] ?? 'standalone';
const program = Object.hasOwn(programs, name) ? programs[name] : undefined;
if (program === undefined) {
  say(`There is no program "${name}"; there are: ${Object.keys(programs).join(', ')}.`);
  process.exit(2);
}
install();
build();
process.exitCode = await run(['--enable-source-maps', program]);
