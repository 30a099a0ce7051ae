/** How much of one tenant is worked on at once as a core is delivered: alone, and beside another. */
import { expect, test } from 'vitest';
import { admission } from '../../services/identity/domain/admission/admission.js';
import type { Leave } from '../../services/identity/domain/admission/fair-queue.js';
import type { Caller } from '../../services/identity/domain/caller.js';
import { requestCounter } from '../../services/identity/store/redis/request-counter.js';

const callerOf = (tenantId: string, audience: Caller['audience'] = 'scim'): Caller => ({ tenantId, audience }) as Caller;
const ONE = callerOf('11111111-1111-7111-8111-111111111111');
const OTHER = callerOf('22222222-2222-7222-8222-222222222222');

/** A core's doors with all as usual, and how many have been let in. */
function doors() {
  const { enter, enterFurther, state } = admission(requestCounter(10, 60), 100_000);
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  async function begin(count: number, ask: () => Promise<Leave>): Promise<Leave[]> {
    const leaves: Leave[] = [];
    for (let at = 0; at < count; at += 1) {
      ask().then(
        (leave) => leaves.push(leave),
        () => undefined, // too many wait, or for too long
      );
    }
    await settle();
    return leaves;
  }
  return {
    state,
    settle,
    send: (caller: Caller, count: number) => begin(count, () => enter(caller, '203.0.113.7', 1)),
    sendHeavy: (caller: Caller, count: number) => begin(count, () => enterFurther(caller, 20)),
  };
}

test('sixteen where nobody else is there', async () => {
  const { send, state } = doors();
  expect(await send(ONE, 100)).toHaveLength(16);
  expect(state()).toEqual({ running: 16, waiting: 84 });
});

test('four of each beside another, who has not to wait for the first; and no more of the first before it is down to four', async () => {
  const { send, settle } = doors();
  const ofOne = await send(ONE, 100);
  const ofOther = await send(OTHER, 100);
  expect([ofOne.length, ofOther.length]).toEqual([16, 4]);
  for (const leave of ofOne.slice(0, 12)) leave();
  await settle();
  expect([ofOne.length, ofOther.length]).toEqual([16, 4]);
  ofOne[12]!();
  await settle();
  expect([ofOne.length, ofOther.length]).toEqual([17, 4]);
});

test('four of each door of a tenant', async () => {
  const { send } = doors();
  await send(ONE, 1);
  const both = [await send(callerOf(ONE.tenantId, 'graphql'), 100), await send(ONE, 100)];
  expect(both.map(({ length }) => length)).toEqual([4, 3]); // one was there
});

test('two at heavy work, alone or not, and four of all', async () => {
  const { sendHeavy } = doors();
  expect(await sendHeavy(ONE, 3)).toHaveLength(2);
  expect(await sendHeavy(OTHER, 3)).toHaveLength(2);
  expect(await sendHeavy(callerOf('33333333-3333-7333-8333-333333333333'), 1)).toHaveLength(0);
});
