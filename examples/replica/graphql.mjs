// Asking the service. What may pass by itself is asked again until it is answered; what does not is thrown.
import { setTimeout as wait } from 'node:timers/promises';

/** A refusal with the code of the service, as in EXPIRED_CURSOR. */
export class Refusal extends Error {
  constructor({ message, extensions }) {
    super(`${extensions?.code ?? 'REFUSED'}: ${message}`);
    this.code = extensions?.code;
  }
}

const MOST_WAITED = 5_000;

async function askOnce(url, token, query, variables) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(60_000),
  });
  const isBusy = answer.status === 429 || answer.status >= 500;
  if (isBusy) return { retryAfter: Number(answer.headers.get('retry-after')) * 1000 };
  const { data, errors } = await answer.json();
  if (errors) throw new Refusal(errors[0]);
  return { data };
}

/** Makes `ask(query, variables)`, which answers the data. */
export function client(url, token, onTrouble = () => {}) {
  return async function ask(query, variables = {}) {
    for (let pause = 100; ; pause = Math.min(pause * 2, MOST_WAITED)) {
      const { data, retryAfter } = await askOnce(url, token, query, variables).catch((error) => {
        if (error instanceof Refusal) throw error;
        onTrouble(error);
        return { retryAfter: 0 }; // no connection, a broken one, or half an answer
      });
      if (data) return data;
      await wait(Math.max(pause, Math.min(retryAfter || 0, MOST_WAITED)));
    }
  };
}
