// A first query: who am I, and who is here? See README.md.
const { IDENTITY_GRAPHQL_URL, IDENTITY_TOKEN } = process.env;
if (!IDENTITY_GRAPHQL_URL || !IDENTITY_TOKEN) {
  process.stderr.write(
    'Set IDENTITY_GRAPHQL_URL, as in http://127.0.0.1:4000/graphql, and IDENTITY_TOKEN, a GraphQL token of the tenant.\n',
  );
  process.exit(2);
}

const query = `query ($filter: String) {
  caller { tenant { name } scopes }
  users(filter: $filter, first: 10) {
    totalCount
    nodes { id userName displayName active groups(first: 5) { nodes { displayName } } }
  }
}`;

const answer = await fetch(IDENTITY_GRAPHQL_URL, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${IDENTITY_TOKEN}` },
  body: JSON.stringify({ query, variables: { filter: process.argv[2] ?? 'active eq true' } }),
});
const { data, errors } = await answer.json();
if (errors) {
  for (const { message, extensions } of errors) process.stderr.write(`${extensions.code}: ${message}\n`);
  process.exit(1);
}

process.stdout.write(`${data.caller.tenant.name}: ${data.users.totalCount} users\n`);
for (const { userName, displayName, groups } of data.users.nodes) {
  const names = groups.nodes.map((group) => group.displayName).join(', ');
  process.stdout.write(`${userName}  ${displayName ?? ''}  ${names}\n`);
}
