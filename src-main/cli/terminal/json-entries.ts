import type { SearchHit, SessionRow } from '../../contract/index'
import { isoTime } from '../../engine/export/session-json'

/** An entry of `list --json`; its field names are stable. */
export function listEntry(row: SessionRow) {
  return {
    session_id: row.sessionId,
    inferred: row.inferred,
    rounds: row.rounds,
    model: row.model,
    input_tokens: row.inputTokens,
    output_tokens: row.outputTokens,
    reasoning_tokens: row.reasoningTokens,
    cached_tokens: row.cachedTokens,
    cost_usd: row.costUsd,
    unpriced_rounds: row.unpricedRounds,
    created_at: isoTime(row.firstTime),
    updated_at: isoTime(row.lastTime),
  }
}

/** An entry of `search --json`; its field names are stable. */
export function hitEntry(hit: SearchHit) {
  return {
    session_id: hit.sessionId,
    inferred: hit.inferred,
    round: hit.round,
    seq: hit.seq,
    timestamp: isoTime(hit.time),
    model: hit.model,
    role: hit.role,
    kind: hit.kind,
    snippet: hit.snippet,
  }
}
