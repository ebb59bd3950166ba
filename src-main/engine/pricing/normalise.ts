import type { PriceRule } from '../../contract/index'

/** A name under which a logged model may be listed. */
export interface Candidate {
  readonly name: string
  /** The provider in the logged name, as spelled there; null when there is none. */
  readonly provider: string | null
  /** The rules that lead from the logged name to this one, in order. */
  readonly rules: readonly PriceRule[]
}

/** No model has a longer name, so looking it up would only take time. */
const MOST_CHARS = 200
/** `a/b/c/model`: more levels than any gateway writes. */
const MOST_PREFIXES = 4

/** Matches `gpt-4o@higress`, but not `@cf/meta/llama`, whose @ belongs to the name. */
const GATEWAY = /^(.*[^/@])@([^/@]+)$/
const SLASH_PREFIX = /^([^/]*)\/(.+)$/
/** Matches `openai:gpt-4o`, but not `llama3:8b` or `llama3:latest`, where the part after the colon is a version. */
const COLON_PREFIX = /^([a-z][a-z0-9_.-]*):(?!latest$)(\D.*)$/i
/** Models on the operator's own machines have no list price. */
const OWN_MACHINES = /^(?:ollama|vllm|sglang|tgi|xinference|lm-?studio|llama\.?cpp|localai|local)$/i
/** https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html */
const BEDROCK_REGION = /^(?:us|us-gov|eu|apac|ap|jp|au|ca|sa|in|global)\./i
const BEDROCK_VENDOR =
  /^(?:ai21|amazon|anthropic|cohere|deepseek|google|meta|minimax|mistral|moonshot|moonshotai|nvidia|openai|qwen|writer|xai|zai)\./i
const BEDROCK_VERSION = /(?:-v\d+)?(?::\d+[a-z0-9]*)*$/i
const LATEST = /[-:]latest$/i
const DATE = /[-@](?:20\d{2}-?)?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])$/

/**
 * The names under which a logged model may be listed, the closest first: as logged, then without the gateway's suffix,
 * the provider, Bedrock's region, vendor and version, and "latest" or a date. Every step is a named rule, so that the
 * user can see how a price was found. The price lists handle case.
 */
export function candidates(model: string): readonly Candidate[] {
  const logged = model.trim()
  if (logged === '' || logged.length > MOST_CHARS) return []
  const found: Candidate[] = [{ name: logged, provider: null, rules: [] }]
  const add = (candidate: Candidate): void => {
    if (!found.some((known) => known.name === candidate.name && known.provider === candidate.provider)) {
      found.push(candidate)
    }
  }

  let name = logged
  let rules: readonly PriceRule[] = []
  const gateway = GATEWAY.exec(name)
  if (gateway?.[1] !== undefined && !DATE.test(name)) {
    name = gateway[1]
    rules = ['gateway']
    add({ name, provider: null, rules })
  }

  for (let level = 0; level < MOST_PREFIXES; level += 1) {
    const prefix = SLASH_PREFIX.exec(name) ?? (isBedrock(name) ? null : COLON_PREFIX.exec(name))
    if (prefix?.[1] === undefined || prefix[2] === undefined) break
    if (OWN_MACHINES.test(prefix[1])) return found
    name = prefix[2]
    if (!rules.includes('prefix')) rules = [...rules, 'prefix']
    if (prefix[1] !== '' && !isBedrock(name)) addVersions({ name, provider: prefix[1], rules }, add)
  }

  if (isBedrock(name)) {
    rules = [...rules, 'bedrock']
    add({ name, provider: 'bedrock', rules })
    name = name.replace(BEDROCK_REGION, '')
    add({ name, provider: 'bedrock', rules })
    name = name.replace(BEDROCK_VENDOR, '').replace(BEDROCK_VERSION, '')
  }
  addVersions({ name, provider: null, rules }, add)
  return found
}

function isBedrock(name: string): boolean {
  return BEDROCK_VENDOR.test(name.replace(BEDROCK_REGION, ''))
}

/** Adds the candidate, and its name without "latest" or a date. */
function addVersions(candidate: Candidate, add: (candidate: Candidate) => void): void {
  add(candidate)
  const { provider, rules } = candidate
  const undated = candidate.name.replace(DATE, '')
  if (LATEST.test(candidate.name)) {
    add({ name: candidate.name.replace(LATEST, ''), provider, rules: [...rules, 'latest'] })
  } else if (undated !== '' && undated !== candidate.name) {
    add({ name: undated, provider, rules: [...rules, 'date'] })
  }
}
