// npm run token: what services/identity/print-token.ts prints.
import { build, install, run } from './steps.mjs';

install();
build();
process.exitCode = await run(['dist/services/identity/print-token.js']);
