/**
 * Makes gateway logs for the benchmarks, the same bytes for the same arguments.
 *
 *   node test/bench/generate-log.mjs agent FILE --sessions 200 --rounds 50     agents that re-send their history
 *   node test/bench/generate-log.mjs chat FILE --requests 100000               short independent requests
 *   node test/bench/generate-log.mjs team FILE --sessions 20000 --rounds 50    months of a team's sessions, without messages
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { parseArgs } from 'node:util'

/** A small deterministic generator (mulberry32). @param {number} seed */
export function randomOf(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const WORDS =
  'the file system returns a handle when reading writes index value error stack trace module export function result build test plan next step check network latency token cache 会话 日志 网关 请求 模型 价格 读取 分析 结果'.split(
    ' ',
  )
const MODELS = ['gpt-4o', 'claude-sonnet-4-5', 'deepseek-chat', 'qwen-max', 'o3']

/** @param {() => number} random @param {number} chars */
function prose(random, chars) {
  let text = ''
  while (text.length < chars) {
    const word = WORDS[Math.floor(random() * WORDS.length)]
    text += `${word}${Math.floor(random() * 1000)} `
    if (random() < 0.05) text += '"quoted"\n'
  }
  return text
}

/** @param {() => number} random */
const hex = (random) =>
  Math.floor(random() * 0xffffffff)
    .toString(16)
    .padStart(8, '0')

/**
 * @param {() => number} random
 * @param {number} time ms since the epoch
 * @param {Record<string, unknown>} ai
 * @param {Record<string, unknown>} [outer]
 */
function line(random, time, ai, outer = {}) {
  return `${JSON.stringify({
    ai_log: JSON.stringify(ai),
    authority: 'ai.example.com',
    bytes_received: '2048',
    bytes_sent: '8192',
    downstream_local_address: '10.0.0.1:443',
    downstream_remote_address: '10.0.0.9:51234',
    duration: String(500 + Math.floor(random() * 9000)),
    istio_policy_status: '-',
    method: 'POST',
    path: '/v1/chat/completions',
    protocol: 'HTTP/1.1',
    request_id: `${hex(random)}-${hex(random)}-${hex(random)}`,
    requested_server_name: '-',
    response_code: '200',
    response_flags: '-',
    route_name: 'ai-route-openai',
    start_time: new Date(time).toISOString(),
    trace_id: '-',
    upstream_cluster: 'outbound|443||llm',
    upstream_host: '203.0.113.7:443',
    upstream_service_time: '1200',
    user_agent: 'agent/2.1',
    x_forwarded_for: '-',
    ...outer,
  })}\n`
}

/** @param {string} path @param {(write: (text: string) => void) => void} make */
function writeLog(path, make) {
  const fd = openSync(path, 'w')
  let pending = ''
  make((text) => {
    pending += text
    if (pending.length > 1 << 20) {
      writeSync(fd, pending)
      pending = ''
    }
  })
  writeSync(fd, pending)
  closeSync(fd)
}

/**
 * Agents with tools, interleaved as they run at the same time; 8 at once.
 * `compactAt`: messages after which an agent sends a summary of its history in its place.
 * @param {string} path
 * @param {{ sessions: number, rounds: number, seed?: number, chars?: number, compactAt?: number }} options
 */
export function writeAgentLog(path, { sessions, rounds, seed = 1, chars = 160, compactAt = Infinity }) {
  const random = randomOf(seed)
  writeLog(path, (write) => {
    let time = Date.UTC(2026, 0, 5)
    let opened = 0
    /** @type {{ id: string, model: string, messages: unknown[], round: number }[]} */
    const open = []
    while (opened < sessions || open.length > 0) {
      while (open.length < 8 && opened < sessions) {
        opened += 1
        open.push({
          id: `agent:main:${opened}:${hex(random)}`,
          model: MODELS[opened % MODELS.length] ?? 'gpt-4o',
          messages: [
            { role: 'system', content: prose(random, 1500) },
            { role: 'user', content: prose(random, 300) },
          ],
          round: 0,
        })
      }
      const at = Math.floor(random() * open.length)
      const session = open[at]
      if (session === undefined) continue
      session.round += 1
      time += Math.floor(random() * 4000)
      const call = {
        id: `call_${hex(random)}`,
        type: 'function',
        function: {
          name: 'read_file',
          arguments: JSON.stringify({ path: `/src/${hex(random)}.ts`, lines: prose(random, 60) }),
        },
      }
      const answer = random() < 0.2 ? prose(random, chars * 2) : ''
      write(
        line(random, time, {
          answer,
          api: `${session.model}@higress`,
          api_type: 'LLM',
          chat_round: session.round,
          consumer: `team-${opened % 7}`,
          input_token: 300 + session.messages.length * 60,
          cached_tokens: session.messages.length * 40,
          llm_first_token_duration: 300,
          llm_service_duration: 1900,
          messages: session.messages,
          model: session.model,
          output_token: 80 + Math.floor(random() * 400),
          question: session.round === 1 ? 'Please look into it.' : '',
          reasoning: '',
          response_type: 'stream',
          session_id: session.id,
          tool_calls: [call],
          total_token: 0,
        }),
      )
      session.messages = [
        ...session.messages,
        { role: 'assistant', content: answer || null, tool_calls: [call] },
        { role: 'tool', tool_call_id: call.id, content: prose(random, chars + random() * chars * 2) },
      ]
      if (session.messages.length > compactAt)
        session.messages = [session.messages[0], { role: 'user', content: `Summary so far: ${prose(random, 600)}` }]
      if (session.round >= rounds) open.splice(at, 1)
    }
  })
}

/** @param {string} path @param {{ requests: number, seed?: number }} options */
export function writeChatLog(path, { requests, seed = 2 }) {
  const random = randomOf(seed)
  writeLog(path, (write) => {
    let time = Date.UTC(2026, 0, 5)
    for (let request = 0; request < requests; request += 1) {
      time += Math.floor(random() * 500)
      const question = prose(random, 80)
      const model = MODELS[request % MODELS.length]
      write(
        line(random, time, {
          answer: prose(random, 200),
          api: `${String(model)}@higress`,
          consumer: `team-${request % 7}`,
          input_token: 50 + Math.floor(random() * 100),
          messages: [{ role: 'user', content: question }],
          model,
          output_token: 80,
          question,
          response_type: 'normal',
          session_id: `chat:${request}`,
        }),
      )
    }
  })
}

/**
 * Months of a team's work where the operator logs questions and answers but no histories: many sessions of some rounds,
 * a dozen at once, some of them failing; 90 days long.
 * @param {string} path @param {{ sessions: number, rounds: number, seed?: number }} options
 */
export function writeTeamLog(path, { sessions, rounds, seed = 4 }) {
  const random = randomOf(seed)
  const step = (90 * 24 * 3600 * 1000) / (sessions * rounds)
  writeLog(path, (write) => {
    let time = Date.UTC(2026, 7, 24)
    let opened = 0
    /** @type {{ id: string, model: string | undefined, consumer: string, round: number, input: number }[]} */
    const open = []
    while (opened < sessions || open.length > 0) {
      while (open.length < 12 && opened < sessions) {
        opened += 1
        open.push({
          id: `agent:team-${opened % 12}:${hex(random)}${hex(random)}`,
          model: MODELS[opened % MODELS.length],
          consumer: `team-${opened % 12}`,
          round: 0,
          input: 400 + Math.floor(random() * 2000),
        })
      }
      const at = Math.floor(random() * open.length)
      const session = open[at]
      if (session === undefined) continue
      session.round += 1
      session.input += Math.floor(random() * 600)
      time += random() * 2 * step
      const failed = random() < 0.02
      write(
        line(
          random,
          Math.floor(time),
          {
            answer: failed ? '' : prose(random, 60),
            api: `${String(session.model)}@higress`,
            cached_tokens: Math.floor(session.input * 0.7 * random()),
            consumer: session.consumer,
            input_token: session.input,
            llm_first_token_duration: 150 + Math.floor(random() * random() * 3000),
            llm_service_duration: 900 + Math.floor(random() * random() * 20000),
            model: session.model,
            output_token: failed ? 0 : 40 + Math.floor(random() * 900),
            question: prose(random, session.round === 1 ? 60 : 20),
            response_type: failed ? 'error' : 'stream',
            session_id: session.id,
          },
          failed ? { response_code: random() < 0.5 ? '429' : '503' } : {},
        ),
      )
      if (session.round >= rounds) open.splice(at, 1)
    }
  })
}

const ONSETS =
  'b bl br c ch cl cr d dr f fl fr g gl gr h j k l m n p pl pr qu r s sc sh sl sp st str t th tr v w wh y z'.split(' ')
const VOWELS = 'a ai ar e ea ee en er i ie in o oo or ou u ur y'.split(' ')
const CODAS = [
  '',
  '',
  '',
  'b',
  'ck',
  'd',
  'g',
  'k',
  'l',
  'll',
  'm',
  'n',
  'nd',
  'ng',
  'nt',
  'p',
  'r',
  's',
  'st',
  't',
  'x',
]

/** A word that looks like one of a language. @param {() => number} random @param {number} syllables */
const coined = (random, syllables) =>
  Array.from({ length: syllables }, () =>
    [ONSETS, VOWELS, CODAS].map((parts) => parts[Math.floor(random() * parts.length)]).join(''),
  ).join('')

/** @param {() => number} random */
const ideogram = (random) => String.fromCharCode(0x4e00 + Math.floor(random() * random() * 4000))

/**
 * Rounds of which nothing is sent twice: prose of 40,000 words as often as words of a language are, numbers, paths, some
 * Chinese, tool calls, ids. Returns texts to look for (see search.mjs).
 * @param {string} path @param {{ megabytes: number, seed?: number }} options
 */
export function writeUniqueLog(path, { megabytes, seed = 7 }) {
  const random = randomOf(seed)
  const words = Array.from({ length: 40_000 }, () => coined(random, 1 + Math.floor(random() * 3)))
  const word = () => words[Math.floor(words.length ** random()) - 1] ?? ''
  const chinese = (/** @type {number} */ characters) =>
    Array.from({ length: characters }, () => ideogram(random)).join('')
  /** @param {number} chars */
  const text = (chars) => {
    let made = ''
    while (made.length < chars) {
      const kind = random()
      if (kind < 0.9) made += `${word()} `
      else if (kind < 0.93) made += `${chinese(3 + Math.floor(random() * 10))}，`
      else if (kind < 0.96) made += `${Math.floor(random() * 1e6)}.\n`
      else if (kind < 0.98) made += `/src/${word()}/${word()}.ts:${Math.floor(random() * 900)} `
      else made += `"${word()}" `
    }
    return made
  }
  const rare = 'quarkstone'
  const pair = '鱻麤'
  let id = ''
  writeLog(path, (write) => {
    let time = Date.UTC(2026, 0, 5)
    let written = 0
    for (let round = 0; written < megabytes * 1e6; round += 1) {
      time += Math.floor(random() * 4000)
      const session = Math.floor(round / 400) * 8 + (round % 8)
      const hidden = id === '' && written > 0.05 * megabytes * 1e6
      const requestId = [
        hex(random),
        hex(random).slice(4),
        hex(random).slice(4),
        hex(random) + hex(random).slice(4),
      ].join('-')
      if (hidden) id = requestId
      const answer = `${hidden ? `${rare} ${pair} ` : ''}${text(2500)} umbrella`
      const made = line(
        random,
        time,
        {
          answer,
          chat_id: `chatcmpl-${hex(random)}${hex(random)}`,
          consumer: `team-${session % 7}`,
          input_token: 900,
          messages: [{ role: 'user', content: text(2500) }],
          model: MODELS[session % MODELS.length],
          output_token: 600,
          session_id: `agent:${session}:${(session * 2654435761) % 4294967296}`,
          tool_calls: [
            {
              id: `call_${hex(random)}${hex(random)}`,
              type: 'function',
              function: {
                name: 'write_file',
                arguments: JSON.stringify({ path: `/src/${word()}.md`, text: text(1500) }),
              },
            },
          ],
        },
        { request_id: requestId, trace_id: `${hex(random)}${hex(random)}${hex(random)}${hex(random)}` },
      )
      written += made.length
      write(made)
    }
  })
  return { frequent: 'umbrella', rare, Chinese: pair, id, nowhere: 'strawmelon' }
}

if (process.argv[1]?.endsWith('generate-log.mjs')) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { sessions: { type: 'string' }, rounds: { type: 'string' }, requests: { type: 'string' } },
  })
  const [kind, path] = positionals
  if (path === undefined || (kind !== 'agent' && kind !== 'chat' && kind !== 'team')) {
    console.error('Usage: generate-log.mjs agent|chat|team FILE [--sessions N --rounds N | --requests N]')
    process.exit(2)
  }
  if (kind === 'agent')
    writeAgentLog(path, { sessions: Number(values.sessions ?? 200), rounds: Number(values.rounds ?? 50) })
  else if (kind === 'team')
    writeTeamLog(path, { sessions: Number(values.sessions ?? 20_000), rounds: Number(values.rounds ?? 50) })
  else writeChatLog(path, { requests: Number(values.requests ?? 100_000) })
}
