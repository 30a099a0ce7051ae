/** `npm run cli-reference`: writes the reference to the file named. */
import { writeFileSync } from 'node:fs';
import { printReference } from './reference.js';

writeFileSync(process.argv[2]!, printReference());
