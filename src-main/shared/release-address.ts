/**
 * Whether a text can be the address of a folder of releases: https, or http on this computer itself. Without a user's
 * name or password, which would be sent along, and without a query, which no folder has.
 */
export function isReleaseAddress(text: string): boolean {
  return (
    text.length <= 2000 &&
    /^(https:\/\/[\p{L}\p{N}._-]+|https:\/\/\[[\da-f:.]+\]|http:\/\/(localhost|127\.0\.0\.1|\[::1\]))(:\d{1,5})?(\/[^\s?#\\]*)?$/iu.test(
      text,
    )
  )
}
