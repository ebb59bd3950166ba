/**
 * Imports that break a rule today, `from → to`. The list only shrinks; an entry that is no longer needed is reported.
 * @type {readonly string[]}
 */
export const knownViolations = ['src-main/engine/tail/logged-lines.ts → src-main/engine/parse/line.ts']

/** @type {readonly string[]} Pairs of neighbours that import from each other today, `one ↔ other`. */
export const knownDoors = []
