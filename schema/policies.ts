/** What two honest servers could decide differently: each tenant decides for itself; the first value is the default. */

interface Policy {
  readonly description: string;
  readonly values: Readonly<Record<string, string>>;
}

export const policies = {
  unknownMembers: {
    description: 'What becomes of a change of members that names users who do not exist (Okta may push a group before its users).',
    values: {
      REFUSE: 'Nothing is changed; the answer names the unknown ones.',
      IGNORE: 'The known ones are applied, the unknown ones passed over.',
    },
  },
  patchAnswer: {
    description: 'What a SCIM PATCH answers when the client asks for no attributes.',
    values: {
      BY_TYPE: 'Users with the resource, groups with 204.',
      RESOURCE: '200 with the resource; groups without their members.',
      NO_CONTENT: '204 without a body.',
    },
  },
  groupNames: {
    description: 'Whether two groups may have the same display name, compared without case.',
    values: {
      UNIQUE: 'No: Okta and Entra find groups by their names.',
      SHARED: 'Yes.',
    },
  },
  inactiveDuplicates: {
    description: 'What becomes of creating a user who exists, inactive, with the same external id.',
    values: {
      REFUSE: 'It is refused like any other taken user name, or is a second user where the user name differs.',
      RESTORE:
        'The inactive user is replaced by what was sent, keeping id and memberships; of several the one with the same user name. Where none has it, the request is refused.',
    },
  },
} as const satisfies Record<string, Policy>;

export type PolicyName = keyof typeof policies;
export type PolicyValue<Name extends PolicyName> = keyof (typeof policies)[Name]['values'] & string;

/** What a tenant has decided. */
export type Policies = { readonly [Name in PolicyName]: PolicyValue<Name> };

export const policyNames = Object.keys(policies) as readonly PolicyName[];

const valuesOf = (name: PolicyName): readonly string[] => Object.keys(policies[name].values);

/** Everything decided: what is stored where it is a known value, the first one elsewhere. */
export const completePolicies = (stored: Readonly<Record<string, unknown>>): Policies =>
  Object.fromEntries(
    policyNames.map((name) => {
      const [usual, ...others] = valuesOf(name);
      return [name, others.find((value) => value === stored[name]) ?? usual];
    }),
  ) as Partial<Policies> as Policies;

/** The decisions of a tenant that has made none. */
export const defaultPolicies: Policies = completePolicies({});
