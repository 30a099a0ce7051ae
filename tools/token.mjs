// npm run token: prints a fresh token in the right format, for BOOTSTRAP_ADMIN_TOKEN. It is worth nothing until the core is given it.
import { build, install, run } from './steps.mjs';

install();
build();
process.exitCode = await run([
  '--input-type=module',
  '--eval',
  "import { newToken } from './dist/services/identity/domain/tokens/token-format.js'; process.stdout.write(newToken() + '\\n');",
]);
