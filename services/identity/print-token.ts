/** `npm run token`: prints a fresh token in the right format, for BOOTSTRAP_ADMIN_TOKEN. It is worth nothing until the core is given it. */
import { newToken } from './domain/tokens/token-format.js';

process.stdout.write(`${newToken()}\n`);
