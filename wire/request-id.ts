/** The id of a request, told to callers and written to logs, the same in facade and core. */
import { randomUUID } from 'node:crypto';

/** The one that came with the request where it is fit for a log, else a new one. */
export const requestIdFrom = (given: unknown): string => (typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID());
