import type { Generated } from './requests.ts'

/** The ids in earlier answers, by kind. */
export type Known = Record<'resp' | 'conv' | 'item' | 'call' | 'sealed', string[]>

export const createKnownIds = (): Known => ({ resp: [], conv: [], item: [], call: [], sealed: [] })

/** Adds every id in an answer. */
export function learnIds(known: Known, text: string): void {
  const find = (pattern: RegExp, into: string[]) => {
    for (const [found] of text.matchAll(pattern)) if (!into.includes(found)) into.push(found)
  }
  find(/resp_[0-9a-f]{50}/g, known.resp)
  find(/conv_[0-9a-f]{48}/g, known.conv)
  find(/(msg|fc|rs|cmp)_[0-9a-f]{50}/g, known.item)
  find(/call_[0-9a-f]{24}/g, known.call)
  find(/gAAAAAB[\w-]+/g, known.sealed)
}

/** Returns a generated request ready to send. Its places are filled with known ids, preferably the latest. */
export function fillPlaces(
  request: Generated,
  known: Known,
): { method: string; path: string; body: string | undefined } {
  const { picks } = request
  const place = (text: string) => {
    let at = 0
    return text.replace(/<(resp|conv|item|call|sealed)>/g, (_, kind: keyof Known) => {
      const ids = known[kind].slice(-6)
      return ids[(picks[at++ % picks.length] ?? 0) % Math.max(1, ids.length)] ?? `${kind}_none`
    })
  }
  const [method = '', path = ''] = request.endpoint.split(' ')
  const first = path.startsWith('/responses') ? '<resp>' : '<conv>'
  const ids = path.replace(':id', first).replace(':id', '<item>')
  const bodiless = method === 'GET' || method === 'DELETE'
  const text = bodiless ? undefined : (request.raw ?? JSON.stringify(request.body))
  return { method, path: place(ids + request.query), body: text === undefined ? undefined : place(text) }
}
