/**
 * Filters that would look at everybody for each of many comparisons: refused at once, in words, at every door; few of them, or narrowed,
 * they are answered.
 */
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { type Crowd, gather } from '../support/crowd.js';
import { expectList, expectScimError, filtered } from '../support/scim.js';

const DEAR = Array.from({ length: 63 }, (_, at) => `groups.type eq "x${at}"`).join(' or ');
let crowd: Crowd;

describe.runIf(inject('world') === 'network')('among thousands', () => {
  beforeAll(async () => {
    crowd = await gather(8000);
  }, 60_000);

  test.each(['/Users', '/'])('%s', async (path) => {
    const answer = await crowd.tenant.scim('GET', filtered(path, DEAR));
    expectScimError(answer, 400, 'tooMany');
    expect(answer.body.detail).toMatch(/narrow it by "and"/);
    expectScimError(await crowd.tenant.scim('GET', filtered(path, DEAR, '&count=0')), 400, 'tooMany');
    expect(expectList(await crowd.tenant.scim('GET', filtered(path, `userName eq "user-0000001@x.com" and not (${DEAR})`)))).toHaveLength(
      1,
    );
    expect(expectList(await crowd.tenant.scim('GET', filtered(path, 'not (groups.type eq "direct")', '&count=5'))).length).toBe(5);
  });

  test('over GraphQL', async () => {
    const { errors } = await crowd.tenant.graphql('query ($filter: String) { users(filter: $filter) { totalCount } }', { filter: DEAR });
    expect(errors).toMatchObject([{ extensions: { code: 'TOO_MANY' } }]);
  });
});
