/**
 * How much a tenant may ask at a door, told with every answer in the headers of draft-ietf-httpapi-ratelimit-headers-11. Counted in units:
 * one for a request, more for one that is as much work as many.
 */

/** What a tenant has at a door, and what is left of it. */
export interface Quota {
  /** The door, which is the name of the policy. */
  readonly door: string;
  /** Units in a window, and the seconds of a window. */
  readonly units: number;
  readonly seconds: number;
  /** Units left, and seconds until all are there again. */
  readonly left: number;
  readonly reset: number;
}

export const quotaLimits = {
  /** Seconds of a window. */
  windowSeconds: 10,
  /** Seconds that a request which took more than was left may have to be worked off. */
  mostDebtSeconds: 60,
  /** Members that one unit is good for; every further thousand begun is one more. */
  membersPerUnit: 1000,
  /** Requests a second that may be set for a tenant. */
  requestsPerSecond: { min: 1, max: 100_000 },
} as const;

/** The headers by which a client can tell when to go slower. */
export const quotaHeaders = ({ door, units, seconds, left, reset }: Quota): Record<string, string> => ({
  'RateLimit-Policy': `"${door}";q=${units};w=${seconds}`,
  RateLimit: `"${door}";r=${left};t=${reset}`,
});
