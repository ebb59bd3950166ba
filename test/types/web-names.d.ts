/**
 * The two names of the DOM that the contract mentions, for the projects that are compiled without the DOM's types.
 * A declaration here says "there is such a thing", nothing of what it can do.
 */
interface File {
  readonly name: string
}

// eslint-disable-next-line @typescript-eslint/no-empty-object-type
interface Window {}
