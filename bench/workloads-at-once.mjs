/**
 * The point requests again, with fewer and more of them under way at the same time: alone a request waits for every process it passes
 * through, among many the processes work side by side.
 */
import { MOST_AT_ONCE } from './constants.mjs';

const AT_ONCE = [1, 4, MOST_AT_ONCE];
const REPEATED = ['create', 'find', 'get', 'patch'];

/** The name of a point request with so many at once. */
export const nameAtOnce = (name, connections) => `${name}-${connections}`;

/**
 * Of the workloads those that are repeated, by how many at once. They are practised already, and go on where the others are: what a PATCH
 * changes next depends on the one before.
 * @param {readonly import('./workloads.mjs').Workload[]} workloads
 * @returns {readonly import('./workloads.mjs').Workload[]}
 */
export const atOnce = (workloads) =>
  workloads
    .filter(({ name }) => REPEATED.includes(name))
    .flatMap((workload) =>
      AT_ONCE.map((connections) => ({
        ...workload,
        name: nameAtOnce(workload.name, connections),
        of: workload.name,
        title: `${workload.title}, ${connections} at once`,
        connections,
        targets: connections === MOST_AT_ONCE ? ['system', 'one', 'bare', 'peer'] : ['system', 'one', 'bare'],
        graphql: undefined,
        isMinor: true,
      })),
    );
