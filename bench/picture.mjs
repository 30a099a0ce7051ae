/** What the pictures of the benchmark share: names and colours of the servers, heading and legend. */

export const names = {
  system: 'gateway and core',
  graphql: 'GraphQL directly',
  one: 'in one process',
  bare: 'bare (the limit)',
  peer: 'scimmy, in memory',
};
export const colours = { system: '#1f6feb', graphql: '#2da44e', one: '#54aeff', bare: '#8b949e', peer: '#d29922' };

/** A picture with its heading and what the colours mean. */
export function picture(width, height, heading, summaries, parts) {
  const shown = Object.keys(names).filter((name) => summaries.some(({ targets }) => targets[name]));
  const legend = shown.map(
    (name, at) =>
      `<rect x="${10 + at * 165}" y="30" width="10" height="10" fill="${colours[name]}"/><text x="${24 + at * 165}" y="39">${names[name]}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#24292f">
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="10" y="18" font-weight="bold">${heading}</text>
${[...legend, ...parts].join('\n')}
</svg>
`;
}
