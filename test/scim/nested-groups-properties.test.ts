/** Random sequences of memberships and deletions against a small model: who is let in, and what everybody is then shown. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupBody, memberIds, patchOp, userBody } from '../support/scim.js';
import { FUZZ_RUNS, newTenant, type Tenant } from '../support/world.js';

const USERS = 4;
const GROUPS = 6;
const STEPS = 12;

/** What is there: members by their names, `u0` and so on, `g0` and so on. What was deleted is in it no more. */
class Model {
  readonly users = new Set<string>();
  readonly groups = new Map<string, Set<string>>();

  knows(name: string): boolean {
    return this.users.has(name) || this.groups.has(name);
  }

  /** The group and all groups below it. */
  below(group: string): Set<string> {
    const found = new Set([group]);
    for (const one of found) for (const member of this.groups.get(one) ?? []) if (this.groups.has(member)) found.add(member);
    return found;
  }

  effective(group: string): string[] {
    return [
      ...new Set([...this.below(group)].flatMap((one) => [...this.groups.get(one)!].filter((member) => this.users.has(member)))),
    ].toSorted();
  }

  groupsOf(user: string): string[] {
    const all = [...this.groups.keys()].filter((group) => this.effective(group).includes(user));
    return all.map((group) => `${group} ${this.groups.get(group)!.has(user) ? 'direct' : 'indirect'}`).toSorted();
  }

  /** Whether the members may be added: all are somebody, and none contains the group. */
  permits(group: string, members: readonly string[]): boolean {
    return members.every((member) => this.knows(member) && !this.below(member).has(group));
  }

  delete(name: string): void {
    this.users.delete(name);
    this.groups.delete(name);
    for (const members of this.groups.values()) members.delete(name);
  }
}

type Step =
  | {
      readonly kind: 'add' | 'remove' | 'replace' | 'put';
      readonly group: string;
      readonly members: readonly string[];
      readonly form: number;
    }
  | { readonly kind: 'delete'; readonly name: string };

const user = fc.nat(USERS - 1).map((at) => `u${at}`);
const group = fc.nat(GROUPS - 1).map((at) => `g${at}`);
const anybody = fc.oneof({ weight: 2, arbitrary: user }, { weight: 3, arbitrary: group });
const change = fc.record({
  kind: fc.constantFrom('add' as const, 'add' as const, 'add' as const, 'remove' as const, 'replace' as const, 'put' as const),
  group,
  members: fc.uniqueArray(anybody, { minLength: 1, maxLength: 3 }),
  form: fc.nat(2),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: change },
  { weight: 1, arbitrary: anybody.map((name) => ({ kind: 'delete' as const, name })) },
);

/** The system under test, spoken to by the names of the model. */
class Directory {
  private readonly ids = new Map<string, string>();
  private readonly labels = new Map<string, string>();

  constructor(
    private readonly tenant: Tenant,
    private readonly run: number,
  ) {}

  private idOf(name: string): string {
    return this.ids.get(name)!;
  }

  private nameOf(id: string): string {
    return this.labels.get(id) ?? id;
  }

  async create(name: string): Promise<void> {
    const isUser = name.startsWith('u');
    const called = `${name} of ${this.run}`;
    const { body } = await this.tenant.scim('POST', isUser ? '/Users' : '/Groups', isUser ? userBody(called) : groupBody(called));
    this.ids.set(name, body.id);
    this.labels.set(body.id, name);
  }

  private operation({ kind, members, form }: Exclude<Step, { kind: 'delete' }>): object {
    const value = members.map((name) => ({ value: this.idOf(name), ...(form === 1 && { type: name.startsWith('u') ? 'User' : 'Group' }) }));
    if (kind === 'remove' && form === 2) {
      return { op: 'remove', path: `members[${value.map((one) => `value eq "${one.value}"`).join(' or ')}]` };
    }
    return form === 0 && kind !== 'remove' ? { op: kind, value: { members: value } } : { op: kind, path: 'members', value };
  }

  async change(change: Exclude<Step, { kind: 'delete' }>): Promise<number> {
    const path = `/Groups/${this.idOf(change.group)}`;
    const answer =
      change.kind === 'put'
        ? await this.tenant.scim(
            'PUT',
            path,
            groupBody(
              `${change.group} of ${this.run}`,
              change.members.map((name) => this.idOf(name)),
            ),
          )
        : await this.tenant.scim('PATCH', path, patchOp(this.operation(change) as { op: string }));
    return answer.status;
  }

  async delete(name: string): Promise<number> {
    return (await this.tenant.scim('DELETE', `/${name.startsWith('u') ? 'Users' : 'Groups'}/${this.idOf(name)}`)).status;
  }

  async members(group: string): Promise<string[]> {
    return memberIds((await this.tenant.scim('GET', `/Groups/${this.idOf(group)}`)).body)
      .map((id) => this.nameOf(id))
      .toSorted();
  }

  async effective(group: string): Promise<string[]> {
    const { data } = await this.tenant.graphql(
      'query ($id: ID!) { group(by: { id: $id }) { members(effective: true) { totalCount nodes { id } } } }',
      { id: this.idOf(group) },
    );
    const { nodes, totalCount } = data!['group']!['members'] as { nodes: { id: string }[]; totalCount: number };
    expect(nodes).toHaveLength(totalCount);
    return nodes.map(({ id }) => this.nameOf(id)).toSorted();
  }

  async groupsOf(user: string): Promise<string[]> {
    const { groups } = (await this.tenant.scim('GET', `/Users/${this.idOf(user)}`)).body;
    return (groups ?? []).map(({ value, type }) => `${this.nameOf(value)} ${type}`).toSorted();
  }
}

function expectedStatus(model: Model, step: Step): number {
  if (step.kind === 'delete') return model.knows(step.name) ? 204 : 404;
  if (!model.groups.has(step.group)) return 404;
  if (step.kind !== 'remove' && !model.permits(step.group, step.members)) return 400;
  return step.kind === 'put' ? 200 : 204;
}

function apply(model: Model, step: Step): void {
  if (step.kind === 'delete') return model.delete(step.name);
  const members = model.groups.get(step.group)!;
  if (step.kind === 'replace' || step.kind === 'put') members.clear();
  for (const name of step.members) {
    if (step.kind === 'remove') members.delete(name);
    else members.add(name);
  }
}

async function expectSame(directory: Directory, model: Model): Promise<void> {
  await Promise.all([
    ...[...model.groups].map(async ([name, members]) => {
      expect(await directory.members(name), name).toEqual([...members].toSorted());
      expect(await directory.effective(name), name).toEqual(model.effective(name));
    }),
    ...[...model.users].map(async (name) => expect(await directory.groupsOf(name), name).toEqual(model.groupsOf(name))),
  ]);
}

// A case is up to a dozen requests, each followed by a look at everybody: as dear as twenty cases of other properties.
const RUNS = Math.max(5, Math.ceil(FUZZ_RUNS / 20));

test(
  'after every step everybody is where the model has them',
  async () => {
    const tenant = await newTenant();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: STEPS }), async (steps) => {
        const [model, directory] = [new Model(), new Directory(tenant, (run += 1))];
        for (let at = 0; at < USERS; at += 1) model.users.add(`u${at}`);
        for (let at = 0; at < GROUPS; at += 1) model.groups.set(`g${at}`, new Set());
        await Promise.all([...model.users, ...model.groups.keys()].map((name) => directory.create(name)));
        for (const one of steps) {
          const expected = expectedStatus(model, one);
          expect(one.kind === 'delete' ? await directory.delete(one.name) : await directory.change(one), JSON.stringify(one)).toBe(
            expected,
          );
          if (expected < 300) apply(model, one);
          await expectSame(directory, model);
        }
      }),
      { numRuns: RUNS },
    );
  },
  120_000 + RUNS * 10_000,
);
