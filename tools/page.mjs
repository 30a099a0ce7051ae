// npm run errors, npm run cli-reference: writes a page of docs/ anew. `node tools/page.mjs errors|cli`
import { build, install, run, say } from './steps.mjs';

const pages = {
  errors: ['dist/services/identity/print-errors.js', 'docs/errors.md'],
  cli: ['dist/cli/print-reference.js', 'docs/cli.md'],
};

const [, , name = ''] = process.argv;
const page = Object.hasOwn(pages, name) ? pages[name] : undefined;
if (page === undefined) {
  say(`There is no page "${name}"; there are: ${Object.keys(pages).join(', ')}.`);
  process.exit(2);
}
install();
build();
process.exitCode = await run(page);
