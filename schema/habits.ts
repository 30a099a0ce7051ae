/** What clients do beside the standard, or do in one of several ways, and who they are: recorded per tenant, for support. */

/** A habit and who has it. The list is closed: nothing from a request becomes a name. */
export const habits = {
  UPDATES_BY_PATCH: "Resources are changed by PATCH (Okta's catalogue apps, Entra).",
  UPDATES_BY_PUT: "Resources are replaced by PUT (Okta's wizard apps, OneLogin, CyberArk).",
  GET_ECHOED_AS_PUT: 'A PUT sends back what a GET has answered, with some values changed (Okta).',
  CAPITALISED_OPERATIONS: 'Operations of a PATCH are capitalised, as in "Add" (Entra).',
  PATH_LESS_OPERATIONS:
    "Operations of a PATCH have no path, and an object with attributes as their value (Okta's catalogue apps, Entra with aadOptscim062020).",
  DOTTED_KEYS: 'Parts of an attribute are keys with a dot, as in {"name.givenName": "Ann"} (Entra with aadOptscim062020).',
  FILTERED_KEYS: 'Keys have a filter in them, as in {"emails[type eq \\"work\\"].value": "a@b.c"} (Entra with aadOptscim062020).',
  URN_KEYS: 'Attributes of an extension are keys with its whole URN before them (Entra with aadOptscim062020).',
  UNQUALIFIED_EXTENSIONS: 'Attributes of an extension are named without its URN, as in "manager" (Entra).',
  REMOVAL_BY_VALUES: 'Values are removed by a list of them instead of a filter (Entra, JumpCloud, OneLogin).',
  READ_ONLY_CHANGES: 'A PATCH names what only the service may set, as the id in the new values of a group (Okta).',
  COLON_AFTER_URN: "A schema's URN has a colon too many after it, as in Condeco's own published one (mappings made from it).",
  OTHER_CASE: "Names of attributes are written in another case than the standard's (Entra's mappings).",
  MISSPELT_ATTRIBUTES:
    'Names of attributes are spelt as in Condeco\'s old mapping table, as in "preferedLanguage" (mappings made from it).',
  UNKNOWN_ATTRIBUTES: 'Attributes are sent that Condeco does not know and leaves out (any client with mappings of its own).',
  UNKNOWN_SCHEMAS: 'Schemas are named that Condeco does not know (Entra, for groups).',
  MISSING_SCHEMAS: "A body does not say its schemas (OneLogin's templates, scripts).",
  EMPTY_VALUES: 'No value is sent as "", null or [] (Okta, Entra, OneLogin).',
  TEXT_BOOLEANS: 'True and false are sent as text, in bodies or in filters (Entra, OneLogin).',
  NUMBERS_FOR_TEXT: 'Numbers or booleans are sent where text belongs (mappings of numbers, as a cost center).',
  BARE_MANAGER: 'The manager is a bare id instead of an object (Entra).',
  BARE_ELEMENTS: "Elements of a list are bare values instead of objects (Microsoft's Postman collection, for members).",
  OBJECT_FOR_LIST: 'An object is sent where a list belongs (OneLogin, for e-mail addresses).',
  LIST_FOR_OBJECT: 'A list of one is sent where an object belongs (Entra, for the manager).',
  WRAPPED_VALUES: 'A single value is in an object, as in [{"$ref": null, "value": "False"}] (Entra, in an older shape).',
  FILTERS_WITHOUT_EQ:
    'Filters in paths do not say by "eq" what a new value would be, as in emails[type co "work"].value: where they find none, they are passed over (any client with mappings of its own).',
  PASSWORD_SENT: 'Passwords are sent; they are not kept (Okta).',
  FORM_ENCODED_FILTERS: 'Filters have "+" for spaces, as in a form (Entra).',
  UNQUOTED_LITERALS: 'Text in filters has no quotes (Entra).',
  CURLY_QUOTES: 'Text in filters and paths has curly quotes (mappings copied from documents).',
  OTHER_PART_NAMES:
    'Parts of a value have other names than the standard\'s, as "managerId" (OneLogin) or, in a role, "displayName" (Entra).',
  JSON_IN_VALUES: 'The value of an element is an object as JSON text, as in {"value": "{\\"value\\": \\"Admin\\"}"} (Entra, for roles).',
} as const satisfies Record<string, string>;

export type Habit = keyof typeof habits;

export const habitNames = Object.keys(habits) as readonly Habit[];

export const isHabit = (name: string): name is Habit => Object.hasOwn(habits, name);

interface ClientKind {
  readonly description: string;
  /** What the User-Agent of the product says; the first product whose sign fits is the one. */
  readonly sign: RegExp;
}

/** The products that are told apart by what they call themselves. */
export const clients = {
  OKTA: { description: 'Okta: "Okta SCIM Client", "OKTA SCIM Integration".', sign: /\bokta\b/i },
  ENTRA: { description: 'Microsoft Entra ID, the former Azure AD.', sign: /\bazure[ _-]?(?:ad|active)|\bentra\b/i },
  ONELOGIN: { description: 'OneLogin.', sign: /\bonelogin/i },
  JUMPCLOUD: { description: 'JumpCloud.', sign: /\bjumpcloud/i },
  PING: {
    description: 'PingOne and PingFederate, where they say so; PingOne often names only its HTTP library.',
    sign: /\bping[ _-]?(?:one|fed|id)/i,
  },
  RIPPLING: { description: 'Rippling.', sign: /\brippling/i },
  CYBERARK: { description: 'CyberArk Identity, the former Idaptive.', sign: /\bcyberark|\bidaptive/i },
  // "Google-HTTP-Java-Client" is a library that anybody may use.
  GOOGLE: { description: 'Google Workspace.', sign: /\bgoogle\b(?!-(?:http|api))/i },
  OTHER: { description: 'Any other client, and those that do not say.', sign: /(?:)/ },
} as const satisfies Record<string, ClientKind>;

export type Client = keyof typeof clients;

export const clientNames = Object.keys(clients) as readonly Client[];

export const isClient = (name: string): name is Client => Object.hasOwn(clients, name);
