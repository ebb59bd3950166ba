import { InvalidArgumentError } from 'commander'

/** A count of 0 or more. */
export function count(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('Expected a whole number.')
  return value
}

/** A number of days, 1 or more. */
export function daysBack(text: string): number {
  const value = count(text)
  if (value === 0) throw new InvalidArgumentError('Expected at least 1.')
  return value
}
