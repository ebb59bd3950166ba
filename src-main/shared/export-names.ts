import type { ExportRequest } from '../contract/index'

/** File extensions by format, without the dot. */
export const extensions: Readonly<Record<ExportRequest['format'], string>> = {
  json: 'json',
  csv: 'csv',
  markdown: 'md',
  ndjson: 'ndjson',
}

/** A proposal only. `today`: YYYY-MM-DD. */
export function exportFileName(request: ExportRequest, today: string): string {
  const extension = extensions[request.format]
  switch (request.what) {
    case 'report':
      return `finops-report-${today}.${extension}`
    case 'rounds':
      return `rounds-${today}.${extension}`
    case 'session':
      return `${sessionName(request.sessionId)}.${extension}`
  }
}

/** A session id is text from a log and may hold separators, control characters or a device's name. */
function sessionName(sessionId: string): string {
  const safe = Array.from(sessionId)
    .slice(0, 80)
    .join('')
    .replace(/[^\p{L}\p{N}._-]+/gu, '_')
    .replace(/^[._]+|[._]+$/g, '')
  return safe === '' ? 'session' : `session-${safe}`
}
