/** What a load balancer asks: is the process alive, may it get work? */
import { Failure } from '../schema/failure.js';
import { sendJson } from './answers.js';
import type { Exchange } from './exchange.js';
import { inUtf8, PLAIN_JSON } from './scim/media-types.js';

const JSON_TYPE = inUtf8(PLAIN_JSON);

/** The event loop turns; nothing else is looked at, or an outage behind us would have all processes ended. */
export function showAlive(exchange: Exchange): void {
  sendJson(exchange, 200, { status: 'alive' }, JSON_TYPE);
}

export async function showReady(exchange: Exchange): Promise<void> {
  const { core, isDraining } = exchange.gateway;
  if (isDraining()) throw new Failure('UNAVAILABLE', { detail: 'This process is about to end.' });
  if ((await core.ready?.()) === false) throw new Failure('UNAVAILABLE', { detail: 'The identity core is not ready.' });
  sendJson(exchange, 200, { status: 'ready' }, JSON_TYPE);
}
