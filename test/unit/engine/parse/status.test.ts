import { describe, expect, it } from 'vitest'
import { readStatus } from '../../../../src-main/engine/parse/status'

describe('how a request ended', () => {
  it.each([
    [{ response_code: '200', response_flags: '-' }, {}, 'ok'],
    [{ response_code: '429', response_flags: '-' }, {}, 'error'],
    [{ response_code: 503, response_flags: 'UF,URX' }, {}, 'error'],
    [{ response_code: '200' }, { response_type: 'error' }, 'error'],
    // Envoy logs 0 where the client left before an answer began.
    [{ response_code: '0', response_flags: 'DC' }, {}, 'cut-off'],
    [{ response_code: '200', response_flags: 'DC' }, {}, 'cut-off'],
    [{ response_code: '200', response_flags: 'URX, UT' }, {}, 'cut-off'],
    // Retried, and answered in the end.
    [{ response_code: '200', response_flags: 'URX' }, {}, 'ok'],
    [{ response_code: '504', response_flags: 'UT' }, {}, 'error'],
    [{ response_code: '' }, {}, 'ok'],
    [{ response_code: '-' }, {}, 'ok'],
    [{}, { response_type: 'stream' }, 'ok'],
  ])('%o %o is %s', (outer, ai, status) => {
    expect(readStatus(outer, ai)).toBe(status)
  })
})
