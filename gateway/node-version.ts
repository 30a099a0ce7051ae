/** Imported before anything else: an old Node would fail inside a library, with a message that helps nobody. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`This needs Node 22.19 or newer, not ${process.versions.node}: "npm run start:gateway" brings its own.\n`);
  process.exit(1);
}
