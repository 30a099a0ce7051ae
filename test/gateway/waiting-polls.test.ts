/** Polls that wait for events, in front of a core that is told what to answer. */
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectScimError } from '../support/scim.js';
import { startFacade } from './fake-core.js';

let facade: Awaited<ReturnType<typeof startFacade>>;
beforeAll(async () => {
  facade = await startFacade();
});
afterAll(() => facade.gateway.close());
beforeEach(() => facade.reset());

const answer = (events: readonly object[], moreAvailable = false) => ({ data: { result: { events, moreAvailable, userErrors: [] } } });
const event = (id: string, after: object = { title: 'x' }) => ({
  id,
  at: '2026-01-31T09:30:00.000Z',
  kind: 'USER_UPDATED',
  subjectId: 'u',
  version: 2,
  before: {},
  after,
  requestId: 'r',
});
const looks = () => facade.calls.filter(({ operation }) => operation === 'PollEvents');
const tellPolls = (next: (look: number) => object) => {
  let look = 0;
  facade.tell(({ operation }) => (operation === 'PollEvents' ? next((look += 1)) : undefined));
};
const poll = (body: object = {}) => facade.send('POST', '/scim/api/V1/Events/a', body, { 'content-type': 'application/json' });

describe('a poll', () => {
  test('looks again until there is something, and acknowledges once', async () => {
    tellPolls((look) => answer(look < 3 ? [] : [event('t-1')]));
    const { status, body } = await poll({ ack: ['t-0'], setErrs: { 't-9': { err: 'jwtParse' } } });
    expect([status, Object.keys(body['sets'] as object), body['moreAvailable']]).toEqual([200, ['t-1'], false]);
    expect(looks().map(({ variables }) => variables['input'])).toEqual([
      { receiver: 'a', maxEvents: 100, acknowledged: ['t-0', 't-9'] },
      { receiver: 'a', maxEvents: 100, acknowledged: [] },
      { receiver: 'a', maxEvents: 100, acknowledged: [] },
    ]);
    expect(facade.lines.join('\n')).toContain('jwtParse');
  });

  test.each([{ returnImmediately: true }, { maxEvents: 0 }])('that says %o looks once', async (body) => {
    tellPolls(() => answer([]));
    const came = performance.now();
    expect((await poll(body)).body).toEqual({ sets: {}, moreAvailable: false });
    expect([looks().length, performance.now() - came < 900]).toEqual([1, true]);
  });

  test('that passes over what is of no interest comes back for more at once', async () => {
    tellPolls(() => answer([], true));
    expect((await poll()).body).toEqual({ sets: {}, moreAvailable: true });
    expect(looks()).toHaveLength(1);
  });

  test('looks no more once its client is gone', async () => {
    tellPolls(() => answer([]));
    const sent = request(`${facade.gateway.url}/scim/api/V1/Events/a`, {
      method: 'POST',
      headers: { authorization: 'Bearer good', 'content-type': 'application/json' },
    });
    sent.on('error', () => undefined);
    sent.end('{}');
    await pause(1500);
    sent.destroy();
    await pause(200);
    const { length } = looks();
    expect(length).toBeGreaterThan(0);
    await pause(2500);
    expect(looks()).toHaveLength(length);
  });

  test('is answered at once where ten of its tenant wait', async () => {
    let found = false;
    tellPolls(() => answer(found ? [event('t-1')] : []));
    const waiting = Array.from({ length: 10 }, () => poll());
    await pause(300);
    expect((await poll()).body).toEqual({ sets: {}, moreAvailable: false });
    found = true;
    expect((await Promise.all(waiting)).map(({ body }) => Object.keys(body['sets'] as object).length)).toEqual(
      Array.from({ length: 10 }, () => 1),
    );
  });

  test('is told by the core what it can mend', async () => {
    tellPolls(() => ({ errors: [{ message: 'Forget the receiver.', extensions: { code: 'EXPIRED_CURSOR' } }] }));
    const { body, ...expired } = await poll();
    expectScimError({ ...expired, body }, 400, 'expiredCursor');
    expect(body.detail).toBe('Forget the receiver.');
  });

  test('is answered with no more than four million characters, and at least one event', async () => {
    const long = 'x'.repeat(1_200_000);
    tellPolls(() => answer(['t-1', 't-2', 't-3', 't-4'].map((id) => event(id, { title: long }))));
    const { body } = await poll();
    expect([Object.keys(body['sets'] as object), body['moreAvailable']]).toEqual([['t-1', 't-2', 't-3'], true]);
  });
});
