/** Whose turn it is: the users that the connections ask for, and what they are called. */
import { oktaUser } from './bodies.mjs';
import { MOST_AT_ONCE } from './constants.mjs';

/** A connection keeps to its own share of a list: what it changes nobody else does, so it knows the state. */
export const share = (list, connection, n) => {
  const size = Math.floor(list.length / MOST_AT_ONCE);
  return list[connection * size + (n % size)];
};
/** How often the connection has been through its share. */
export const passes = (list, n) => Math.floor(n / Math.floor(list.length / MOST_AT_ONCE));
/** Somebody in the list, not in order: neighbours share pages. */
export const anyone = (list, connection, n) => list[(connection * 7919 + n * 104_729) % list.length];

let created = 0;
export const newUser = (run) => {
  created += 1;
  return oktaUser(`new.user.${run}.${created}@okta.example`, `00u${run}${created}`);
};
