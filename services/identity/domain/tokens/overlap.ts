import { Failure } from '../../../../schema/failure.js';
import { limits } from '../../../../schema/resources.js';

const { max } = limits.overlapSeconds;

/** How many seconds a token, or a client's secret, stays good beside the one that replaces it. Fails with INVALID_VALUE. */
export function checkedOverlap(seconds: number): number {
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= max) return seconds;
  throw new Failure('INVALID_VALUE', {
    field: 'overlapSeconds',
    detail: `What is replaced stays good for 0 (it ends now) to ${max} seconds (seven days).`,
  });
}
