/**
 * A tenant that sends ten times what it may is told to wait; its neighbour is refused nothing. How much slower the neighbour gets is
 * printed, not judged.
 */
import { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { type Answer, exchange } from '../support/http.js';
import { quotaIn, retryAfterOf, setLimit } from '../support/quota.js';
import { expectScimError, filtered, userBody } from '../support/scim.js';
import { SCIM_JSON, SCIM_PATH, type Tenant, world } from '../support/world.js';

/** Seconds of each part. */
const SECONDS = Number(process.env['NEIGHBOUR_SECONDS'] ?? 5);
/** Requests a second that it may send; the embedded database, in one process with the system and with those who send, does fewer. */
const NOISY = inject('world') === 'network' ? 50 : 10;
const QUIET = 25; // what Entra must be given, and all that this one sends

const MOST_UNDER_WAY = 50;

/** Sends at a rate, or slower where too many are not answered yet; answers what came back, and the rate. */
async function sendAt(
  rate: number,
  seconds: number,
  ask: (index: number) => Promise<Answer>,
): Promise<{ answers: Answer[]; rate: number }> {
  const started = performance.now();
  const sent: Promise<Answer>[] = [];
  let underWay = 0;
  const send = async (index: number) => {
    underWay += 1;
    const answer = await ask(index);
    underWay -= 1;
    return answer;
  };
  while (sent.length < rate * seconds && performance.now() - started < seconds * 2000) {
    const isDue = (sent.length * 1000) / rate <= performance.now() - started;
    if (isDue && underWay < MOST_UNDER_WAY) sent.push(send(sent.length));
    else await wait(1);
  }
  const took = (performance.now() - started) / 1000;
  return { answers: await Promise.all(sent), rate: sent.length / took };
}

const percentile = (answers: readonly Answer[], part: number): number => {
  const sorted = answers.map(({ elapsed }) => elapsed).toSorted((one, two) => one - two);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
};
const figures = (answers: readonly Answer[]) =>
  `p50 ${percentile(answers, 0.5).toFixed(1)} ms, p99 ${percentile(answers, 0.99).toFixed(1)} ms`;

/** What an identity provider does: it looks for somebody, and changes somebody now and then. */
async function asProvider(tenant: Tenant): Promise<(index: number) => Promise<Answer>> {
  const {
    body: { id },
  } = await tenant.scim('POST', '/Users', userBody('neighbour@x.com'));
  const { gatewayUrl } = await world();
  const agent = new Agent({ keepAlive: true, maxSockets: 64 }); // of its own: nobody waits for a connection of the other
  const send = (method: string, path: string, body?: object) =>
    exchange(
      gatewayUrl,
      method,
      SCIM_PATH + path,
      { authorization: `Bearer ${tenant.token}`, 'content-type': body && SCIM_JSON },
      body,
      agent,
    );
  return (index) =>
    index % 5 === 0
      ? send('PATCH', `/Users/${id}`, { Operations: [{ op: 'replace', path: 'title', value: `T${index}` }] })
      : send('GET', filtered('/Users', 'userName eq "neighbour@x.com"'));
}

test('noisy neighbour', { timeout: 60_000 + SECONDS * 10_000 }, async () => {
  const system = await world();
  const [noisy, quiet] = [await system.newTenant(), await system.newTenant()];
  await setLimit(system, noisy, NOISY);
  await setLimit(system, quiet, 2 * QUIET);
  const [asNoisy, asQuiet] = [await asProvider(noisy), await asProvider(quiet)];
  await sendAt(QUIET, 1, asQuiet);
  const alone = await sendAt(QUIET, SECONDS, asQuiet);
  const noise = sendAt(NOISY * 10, SECONDS + 1, asNoisy);
  await wait(500);
  const beside = await sendAt(QUIET, SECONDS, asQuiet);
  const { answers, rate } = await noise;

  expect([...alone.answers, ...beside.answers].filter(({ status }) => status !== 200)).toEqual([]);
  const refused = answers.filter(({ status }) => status !== 200);
  for (const answer of refused) {
    expectScimError(answer, 429);
    expect(retryAfterOf(answer)).toBeLessThanOrEqual(10);
    expect(quotaIn(answer)).toMatchObject({ units: NOISY * 10, left: 0 });
  }
  const windows = Math.ceil(((SECONDS + 1) * 2) / 10) + 1;
  expect(refused.length).toBeGreaterThan(0);
  expect(answers.length - refused.length).toBeLessThanOrEqual(NOISY * 10 * windows);
  const ratio = percentile(beside.answers, 0.99) / percentile(alone.answers, 0.99);
  process.stdout.write(
    `${[
      `noisy neighbour (${system.setUp}): ${rate.toFixed(0)} requests/s of a tenant that may send ${NOISY}/s: ${answers.length - refused.length} served, ${refused.length} refused with 429`,
      `  its neighbour at ${QUIET}/s: ${beside.answers.length} of ${beside.answers.length} served, none refused; ${figures(beside.answers)}; alone: ${figures(alone.answers)}; p99 ratio ${ratio.toFixed(2)}`,
    ].join('\n')}\n`,
  );
});
