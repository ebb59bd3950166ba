/** A value that JSON.parse returns. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json | undefined
}

/** True for a JSON object; false for arrays and null. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True for a JSON array. Array.isArray does not narrow readonly arrays. */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

/** Parses `text`; undefined when it is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** Levels of nesting beyond what any gateway writes. */
export const MAX_DEPTH = 200

/** Whether `value` is nested more than `levels` deep. Deeper values would overflow the stack of recursive code. */
export function nestsDeeper(value: Json | undefined, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  if (isArray(value)) {
    for (const inner of value) if (typeof inner === 'object' && nestsDeeper(inner, levels - 1)) return true
    return false
  }
  const object: JsonObject = value
  for (const key in object) {
    const inner = object[key]
    if (typeof inner === 'object' && nestsDeeper(inner, levels - 1)) return true
  }
  return false
}
