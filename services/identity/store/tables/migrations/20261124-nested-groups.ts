import { Migration } from '@mikro-orm/migrations';

/** Groups as members of groups, in a table of their own: what goes through it need not read the memberships of users. */
export class NestedGroups extends Migration {
  override name = '20261124-nested-groups';

  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  // NO ACTION, not CASCADE: members leave by a statement that also moves the groups' versions and records the change.
  `create table nesting (
    tenant_id uuid not null,
    group_id uuid not null,
    subgroup_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, group_id, subgroup_id),
    constraint nesting_group foreign key (tenant_id, group_id) references app_group (tenant_id, id),
    constraint nesting_subgroup foreign key (tenant_id, subgroup_id) references app_group (tenant_id, id),
    constraint nesting_no_self check (group_id <> subgroup_id)
  )`,
  'create index nesting_of_subgroup on nesting (tenant_id, subgroup_id, group_id)',
];
