import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSse } from '../sse.ts'
import { mapStream } from './record/stream-text.ts'
import { buildBodyActs, buildPlaybackHeaders, splitFrames } from './wire.ts'

const piece = fc.constantFrom(
  'event: a',
  'data: {"a":"é"}',
  'data:{"b": 1}',
  'data',
  ': note',
  'id: 7',
  '\n',
  '\r\n',
  '\r',
  '😀',
  ' ',
  'database: x',
)
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))

describe('wire text', () => {
  test('its frames joined are the text, and each but the last dispatches on its own', () => {
    fc.assert(
      fc.property(text, (wire) => {
        const frames = splitFrames(wire)
        expect(frames.join('')).toBe(wire)
        expect(frames.flatMap((frame) => parseSse(frame))).toEqual(parseSse(wire))
      }),
    )
  })

  test('mapped to itself it keeps its very bytes', () => {
    fc.assert(
      fc.property(text, (wire) => {
        expect(mapStream(wire, { mapJson: (data) => data, mapText: (held) => held })).toEqual({
          text: wire,
          exact: true,
        })
      }),
    )
  })

  test('mapped JSON is told to the number that parsing gives it', () => {
    fc.assert(
      fc.property(text, (wire) => {
        const seen: number[] = []
        const json = (data: unknown, index: number) => {
          seen.push(index)
          return { data, index } as never
        }
        const mapped = mapStream(wire.endsWith('\n\n') ? wire : `${wire}\n\n`, {
          mapJson: json,
          mapText: (held) => held,
        }).text
        const parsed = parseSse(mapped)
        for (const index of seen) expect(parsed[index]?.data).toContain(`"index":${index}`)
      }),
    )
  })

  test('a frame that was not spelled as we spell makes the copy inexact only where it changes', () => {
    const changed = { mapJson: () => ({ b: 1 }), mapText: (held: string) => held }
    expect(mapStream('data: {"b": 1}\r\n\r\n', changed)).toEqual({
      text: 'data: {"b": 1}\r\n\r\n',
      exact: true,
    })
    expect(mapStream('data: {"b": 2}\r\n\r\n', changed)).toEqual({
      text: 'data: {"b":1}\r\n\r\n',
      exact: false,
    })
    expect(mapStream('data: {"b":2}\n\ndata: [DONE]\n\n', { ...changed, mapText: () => 'x' }).text).toBe(
      'data: {"b":1}\n\ndata: [DONE]\n\n',
    )
  })

  test('headers of one connection and illegal ones are not played', () => {
    const headers = {
      Connection: 'close',
      'Content-Length': '9',
      'Set-Cookie': 'a=b',
      'X-Request-Id': 'r',
      'bad name': 'x',
      'x-bad': 'a\nb',
    }
    const response = { status: 200, headers, body: { sse: '', exact: true } }
    expect([...buildPlaybackHeaders(response)]).toEqual([
      ['content-type', 'text/event-stream; charset=utf-8'],
      ['transfer-encoding', 'chunked'],
      ['x-request-id', 'r'],
    ])
    expect(buildBodyActs(response)).toEqual(['end'])
  })
})
