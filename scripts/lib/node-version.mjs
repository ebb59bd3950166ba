/**
 * Stops with one sentence on a Node that is too old. Imported first by every command, and written so that such a Node
 * can still read it.
 */
const neededMajor = 20
const neededMinor = 19
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < neededMajor || (major === neededMajor && minor < neededMinor)) {
  console.error(
    `Agent Session Monitor needs Node ${neededMajor}.${neededMinor} or newer, and this is ${process.version}: ` +
      'install a current Node from https://nodejs.org and run the command again.',
  )
  process.exit(1)
}
