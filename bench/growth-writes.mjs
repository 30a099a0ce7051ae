/** What is written at every size, as generators like those that read. */
import { addMember, removeMember, setActive } from './bodies.mjs';
import { person } from './people.mjs';
import { newUser } from './turns.mjs';

/** A joiner joins each of the groups in turn, and leaves it again with the next request: what slows the machine down slows all of them. */
export const joinAndLeave = (sizes) =>
  function* requests(tenant) {
    for (let n = 0; ; n += 1) {
      const { id, number } = tenant.joiners[n % tenant.joiners.length];
      for (const size of sizes) {
        const [path, as] = [`/Groups/${tenant.groups[size]}`, sizes.length > 1 ? `join-${size}` : undefined];
        yield { method: 'PATCH', path, body: addMember(id, person(number).displayName), expect: 204, as };
        yield { method: 'PATCH', path, body: removeMember(id), expect: 204, as };
      }
    }
  };

export function* createUsers({ name }) {
  for (;;) yield { method: 'POST', path: '/Users', body: newUser(name.toLowerCase()), expect: 201 };
}

/** One after the other becomes inactive, and active again when its turn comes back. */
export function* toggle(tenant) {
  const inactive = new Set();
  for (let n = 0; ; n += 1) {
    const { id } = tenant.sample[n % tenant.sample.length];
    const active = inactive.delete(id);
    if (!active) inactive.add(id);
    yield { method: 'PATCH', path: `/Users/${id}`, body: setActive(active), expect: 200, check: (user) => user.active === active };
  }
}

/** What was got goes back with another title. */
export function* echo(tenant) {
  for (let n = 0; ; n += 1) {
    const user = yield { method: 'GET', path: `/Users/${tenant.sample[n % tenant.sample.length].id}`, expect: 200, isUncounted: true };
    const title = `Echo ${n}`;
    yield { method: 'PUT', path: `/Users/${user.id}`, body: { ...user, title }, expect: 200, check: (changed) => changed.title === title };
  }
}
