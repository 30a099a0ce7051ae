/** The requests of a first sync: what Okta sends when a company is connected, from the first user to the last membership. */
import { addMembersNamed, oktaGroup, oktaUser, toBytes } from './bodies.mjs';
import { CONNECTIONS } from './constants.mjs';
import { startProgress } from './progress.mjs';
import { open } from './wire.mjs';

/** Members that one PATCH of the group push adds. */
export const PUSHED = 100;

const look = (path, attribute, value) => ({
  method: 'GET',
  path: `${path}?filter=${encodeURIComponent(`${attribute} eq "${value}"`)}&startIndex=1&count=100`,
});

/** Works through tasks 0 to `count`, one at a time on each connection; a task is handed `send`. Answers the seconds it took. */
async function workThrough({ port, wire }, label, count, task) {
  const { tell, stop } = startProgress(label, count);
  const started = performance.now();
  let [next, done] = [0, 0];
  await Promise.all(
    Array.from({ length: Math.min(CONNECTIONS, count) }, async () => {
      const { exchange, close } = await open(port);
      const send = async (request, expected) => {
        const { status, body } = await exchange(toBytes(request, wire));
        if (status !== expected) {
          throw new Error(`${request.method} ${request.path} was answered with ${status}: ${body.toString('utf8').slice(0, 500)}`);
        }
        return status === 204 ? undefined : JSON.parse(body.toString('utf8'));
      };
      while (next < count) {
        const at = next;
        next += 1;
        await task(send, at);
        done += 1;
        tell(done);
      }
      close();
    }),
  );
  stop();
  return (performance.now() - started) / 1000;
}

/** Okta looks for what it is about to create, and creates it where it is not there. */
async function lookAndCreate(send, path, attribute, resource) {
  const { totalResults } = await send(look(path, attribute, resource[attribute]), 200);
  if (totalResults !== 0) throw new Error(`${resource[attribute]} is there before the first sync`);
  return (await send({ method: 'POST', path, body: resource }, 201)).id;
}

/** Everybody created, every group created, everybody put into groups; `memberships` are spread evenly. Answers the seconds of each part. */
export async function sync({ users, groups, memberships, ...door }) {
  const people = Array.from({ length: users }, (_, at) => ({ userName: `sync.${at}@okta.example`, externalId: `00usync${at}` }));
  const userSeconds = await workThrough(door, 'first sync: users', users, async (send, at) => {
    people[at].id = await lookAndCreate(send, '/Users', 'userName', oktaUser(people[at].userName, people[at].externalId));
  });
  const ids = [];
  const groupSeconds = await workThrough(door, 'first sync: groups', groups, async (send, at) => {
    ids[at] = await lookAndCreate(send, '/Groups', 'displayName', oktaGroup(`Synced ${at}`));
  });
  // The pushes are dealt out to the groups in turn, so that neighbours in time are never the same group's; each takes the next people of
  // its group.
  const ofGroup = Math.floor(memberships / groups);
  const pushesOfGroup = Math.ceil(ofGroup / PUSHED);
  const memberSeconds = await workThrough(door, 'first sync: pushes of members', groups * pushesOfGroup, async (send, at) => {
    const [group, from] = [at % groups, Math.floor(at / groups) * PUSHED];
    const members = Array.from(
      { length: Math.min(PUSHED, ofGroup - from) },
      (_, place) => people[(group * ofGroup + from + place) % users],
    );
    await send({ method: 'PATCH', path: `/Groups/${ids[group]}`, body: addMembersNamed(members) }, 204);
  });
  return {
    seconds: { users: userSeconds, groups: groupSeconds, members: memberSeconds },
    changes: users + groups + groups * pushesOfGroup,
    memberships: ofGroup * groups,
  };
}
