/** People of a large company, made up from their number: the n-th is the same in every run. */

const GIVEN =
  `Aisha Alan Alice Amir Amy Andrea Anna Anton Ben Beth Bilal Björn Carla Carlos Chen Chloe Clara Colin Daniel Deepa Diana Dmitri
Ebony Edith Elena Emil Emma Erik Fatima Felix Fiona Frank Gareth Gemma George Grace Hana Harry Hassan Helen Ian Imran Ingrid Isla Ivan Jack
Jade James Jane Jin José Julia Karim Kate Keiko Kevin Lara Laura Leo Lucy Luis Maria Mark Mary Maya Mei Nadia Neil Nina Noah Nora Olga Oliver
Omar Oscar Paul Petra Priya Quentin Rachel Ravi Rosa Ruth Samuel Sarah Sean Sofia Tara Tariq Thomas Tom Uma Victor Vera Wei William Xin Yara
Yusuf Zoë`.split(/\s/);

const FAMILY =
  `Abbott Adams Ahmed Ali Allen Anderson Bailey Baker Bauer Bennett Brown Campbell Carter Chen Clark Cooper Costa Cox Davies Diaz
Dubois Edwards Ellis Evans Fischer Fisher Foster Fox García Gibson Gray Green Gupta Hall Harris Hill Hughes Hussain Ito Ivanov Jackson James
Johnson Jones Kaur Kelly Khan Kim King Knight Lee Lewis Lloyd López Mason Miller Mills Moore Morgan Müller Murphy Nakamura Nguyen Novak O'Brien
O'Neill Owen Palmer Parker Patel Phillips Price Quinn Reid Rossi Russell Sato Schmidt Scott Shah Silva Singh Smith Suzuki Taylor Thompson Tran
Turner Usman Vargas Walker Ward Watson White Wilson Wood Wright Yang Young Zhang`.split(/\s/);

const DEPARTMENTS = [
  'Customer Service',
  'Facilities',
  'Finance',
  'Human Resources',
  'Information Technology',
  'Legal',
  'Logistics',
  'Marketing',
  'Operations',
  'Procurement',
  'Product',
  'Research',
  'Sales',
  'Security',
];
const TITLES = ['Analyst', 'Assistant', 'Consultant', 'Coordinator', 'Director', 'Engineer', 'Manager', 'Officer', 'Partner', 'Specialist'];

/** As the local part of an e-mail address: "O'Brien" is "obrien", "Müller" is "muller". */
const plain = (name) =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
const plainNames = new Map([...GIVEN, ...FAMILY].map((name) => [name, plain(name)]));

/** Scatters numbers, so that neighbours have nothing in common. */
function scatter(number, salt) {
  let hash = Math.imul(number ^ Math.imul(salt, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const pick = (list, number, salt) => list[scatter(number, salt) % list.length];

/** Ten digits at least, so that they sort like the numbers they are. */
const EXTERNAL = '00useed';
export const externalIdOf = (number) => EXTERNAL + String(number).padStart(10, '0');
/** The number of the person with this external id. */
export const numberOf = (externalId) => Number(externalId.slice(EXTERNAL.length));
/** All external ids of people lie between these. */
export const externalIdRange = [EXTERNAL, `${EXTERNAL}~`];

/** The n-th person. About one in a hundred has the same family name, one in ten thousand the same name. */
export function person(number) {
  const [given, family] = [pick(GIVEN, number, 1), pick(FAMILY, number, 2)];
  const email = `${plainNames.get(given)}.${plainNames.get(family)}${number}@example.com`;
  return {
    given,
    family,
    email,
    number: String(number),
    externalId: externalIdOf(number),
    displayName: `${given} ${family} (${number})`,
    phone: `+44 20 ${String(7_000_0000 + (number % 10_000_000)).replace(/(\d{4})$/, ' $1')}`,
    department: pick(DEPARTMENTS, number, 3),
    title: pick(TITLES, number, 4),
  };
}

/** A person as an identity provider sends it. `active` and the rest are the same for all. */
export const documentOf = ({ given, family, email, number, externalId, displayName, phone, department, title }) => ({
  userName: email,
  externalId,
  displayName,
  title,
  active: true,
  locale: 'en-GB',
  timezone: 'Europe/London',
  userType: 'Employee',
  name: { givenName: given, familyName: family, formatted: `${given} ${family}` },
  emails: [{ value: email, type: 'work', primary: true }],
  phoneNumbers: [{ value: phone, type: 'work' }],
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { employeeNumber: number, department, organization: 'Example Ltd' },
});
