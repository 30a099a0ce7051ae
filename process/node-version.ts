/** The first import of every main: says plainly that this Node is too old, before something inside a package says it cryptically. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `Node ${process.version} is too old for this service. Start it with "npm start", which brings its own Node, or use Node 26.\n`,
  );
  process.exit(1);
}
