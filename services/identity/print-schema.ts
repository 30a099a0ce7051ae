/** `npm run schema`: writes the API's contract to the file named. */
import { writeFileSync } from 'node:fs';
import { printIdentitySchema } from './api/sdl.js';

writeFileSync(process.argv[2]!, printIdentitySchema());
