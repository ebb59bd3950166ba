/** A route as the pages write it: a path of printable characters, at most 8000. */
export function isRoute(text: string): boolean {
  return /^\/[\x21-\x7e]{0,8000}$/.test(text)
}
