import { toShortJson } from '../../mocks/json.ts'
import type { History, SpanEnded } from '../contract/events.ts'
import { readItemText, readRole } from '../history/items.ts'
import { listSpans, readTelemetrySetting } from '../history/spans.ts'
import { findCanaries } from '../plan/canary.ts'
import { nameOperation } from './causes.ts'
import type { Invariant, Violation } from './types.ts'

export const noContentUnlessSensitive: Invariant = {
  id: 'no-content-unless-sensitive',
  level: 'must',
  statement:
    'Spans, span events and logs contain no text of a conversation unless sensitive data is switched on.',
  source:
    'https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/#capturing-instructions-inputs-and-outputs (v1.41.0: not by default); https://github.com/instrumentation-score/spec/issues/51',
  since: '0.1.0',
  needs: ['spans'],
  check(history) {
    const thrown = listThrown(history)
    const contents = listTexts(history)
    return findTexts(
      history,
      'a text of a conversation',
      (text) =>
        findCanaries(text).find((token) => !thrown.has(token)) ??
        contents.find((content) => text.includes(content)),
    )
  },
  countWitnesses(history) {
    if (mayHoldContent(history)) return 0
    const logs = history.filter((event) => event.kind === 'noise' && event.what === 'log')
    return listSpans(history).length + logs.length
  },
}

export const noThrownTextUnlessSensitive: Invariant = {
  id: 'no-thrown-text-unless-sensitive',
  // The conventions let an exception event have the message of the exception, and warn of what it may hold.
  level: 'should',
  statement:
    'Spans, span events and logs do not contain the message of an error that a tool threw, unless sensitive data is switched on.',
  source:
    'https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/ (exception.message may contain sensitive information); https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/#capturing-instructions-inputs-and-outputs (results of tools are not recorded by default)',
  since: '0.1.0',
  needs: ['spans', 'tools'],
  check(history) {
    const thrown = listThrown(history)
    return thrown.size === 0
      ? []
      : findTexts(history, 'what a tool threw', (text) =>
          findCanaries(text).find((token) => thrown.has(token)),
        )
  },
  countWitnesses: (history) => (mayHoldContent(history) ? 0 : listThrown(history).size),
}

/** Returns whether spans may hold texts: sensitive data was switched on, or the telemetry was disturbed. */
function mayHoldContent(history: History): boolean {
  const { mode, toggled, sabotaged } = readTelemetrySetting(history)
  return mode === 'sensitive' || toggled || sabotaged
}

/** Returns the places in spans and logs in which `find` finds a text. `what` describes the text. */
function findTexts(history: History, what: string, find: (text: string) => string | undefined): Violation[] {
  if (mayHoldContent(history)) return []
  const found: Violation[] = []
  const look = (at: number, where: string, cause: string, text: string, part = '') => {
    const held = find(text)
    if (held !== undefined) found.push({ at, message: `${where} contains ${what}: "${held}"${part}`, cause })
  }
  history.forEach((event, at) => {
    if (event.kind === 'span.start')
      look(at, `the name of span "${event.name}"`, 'name of a span', event.name)
    else if (event.kind === 'span.end' && find(JSON.stringify(event)) !== undefined)
      for (const { part, cause, text } of listParts(event))
        look(at, `span "${event.name}"`, `${nameOperation(event)} span, ${cause}`, text, ` in ${part}`)
    else if (event.kind === 'noise' && event.what === 'log')
      look(at, 'a log record', 'log record', event.message)
  })
  return found
}

/** Returns the canaries of the errors that tools threw. */
function listThrown(history: History): Set<string> {
  return new Set(
    history.flatMap((event) =>
      event.kind === 'tool.end' && event.error !== undefined ? findCanaries(event.error) : [],
    ),
  )
}

/** Returns the parts of a span that may have a text. A cause has `n` in place of each number in a key. */
function listParts({ attributes, events = [], error = '' }: SpanEnded) {
  const ofAttributes = Object.entries(attributes).map(([key, value]) => ({
    part: `attribute ${toShortJson(key)}`,
    cause: /^[\w.-]{1,80}$/.test(key) ? key.replaceAll(/\d+/g, 'n') : 'attribute',
    text: JSON.stringify(value),
  }))
  const ofEvents = events.map(({ name, attributes }) => ({
    part: `event ${toShortJson(name)}`,
    cause: 'span event',
    text: JSON.stringify([name, attributes]),
  }))
  return [...ofAttributes, ...ofEvents, { part: 'status message', cause: 'status message', text: error }]
}

/**
 * Returns the texts of a conversation for plans without canaries. Texts need at least 12 characters and a blank, so that names
 * and ids do not count.
 */
function listTexts(history: History): string[] {
  const texts = new Set<string>()
  for (const event of history) {
    if (event.kind === 'run.start') texts.add(event.input)
    if (event.kind === 'response.end')
      for (const item of event.response?.output ?? [])
        if (readRole(item) === 'assistant') texts.add(readItemText(item))
    if (event.kind === 'tool.end' && typeof event.result === 'string') texts.add(event.result)
  }
  return [...texts]
    .filter((text) => text.length >= 12 && /\S\s+\S/.test(text) && findCanaries(text).length === 0)
    .map((text) => JSON.stringify(text).slice(1, -1))
}
