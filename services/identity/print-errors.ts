/** `npm run errors`: writes the table of errors to the file named. */
import { writeFileSync } from 'node:fs';
import { printErrorTable } from './api/error-table.js';

writeFileSync(process.argv[2]!, printErrorTable());
