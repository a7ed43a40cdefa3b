import { type JsonObject, toShortJson } from '../../mocks/json.ts'
import type { ErrorShape } from '../contract/error-shape.ts'
import { type History, type HistoryEvent, parseConversation } from '../contract/events.ts'
import { listSpans } from './spans.ts'

/** One line of the timeline that a report shows beside a violation. */
export interface Moment {
  /** The index of the event. For several events in one line: of the last. */
  at: number
  step?: number | undefined
  /** Null if the event belongs to no conversation, or if nobody knows to which. */
  conversation: number | null
  text: string
  /** Set if a violation was found at this event. */
  broken?: true | undefined
}

/** How many lines before the first violation the report shows. */
const BEFORE = 16
const AFTER = 6

/**
 * Returns the timeline around the first of these indexes. Events that are sent or delivered in one go become one
 * line.
 */
export function buildTimeline(history: History, places: readonly number[]): Moment[] {
  const moments = buildMoments(history, new Set(places))
  const first = moments.findIndex(({ broken }) => broken)
  const centre = first === -1 ? moments.length - 1 : first
  return moments.slice(Math.max(0, centre - BEFORE), centre + AFTER + 1)
}

function buildMoments(history: History, broken: ReadonlySet<number>): Moment[] {
  const whose = createOwnerFinder(history)
  const moments: Moment[] = []
  let going: Going | undefined
  const settle = () => {
    if (going !== undefined) moments.push(going.moment())
    going = undefined
  }
  history.forEach((event, at) => {
    const conversation = whose(event)
    const isBroken = broken.has(at)
    const step = event.step === undefined ? {} : { step: event.step }
    const goesOn = event.kind === 'stream.event' || event.kind === 'update'
    if (goesOn && !isBroken) {
      if (going?.conversation !== conversation) {
        settle()
        going = createGroup(conversation)
      }
      going.add(event, at)
      return
    }
    const text = goesOn ? nameStreaming(event) : describeBriefly(event)
    if (text === undefined && !isBroken) return
    settle()
    const told = text ?? event.kind
    moments.push({ at, ...step, conversation, text: told, ...(isBroken ? { broken: true as const } : {}) })
  })
  settle()
  return moments
}

type Streaming = Extract<HistoryEvent, { kind: 'stream.event' | 'update' }>

/** Stream events and updates with nothing else between them. */
interface Going {
  conversation: number | null
  add(event: Streaming, at: number): void
  moment(): Moment
}

function createGroup(conversation: number | null): Going {
  let [sent, delivered, last] = [0, 0, '']
  let [end, step]: [number, number | undefined] = [0, undefined]
  return {
    conversation,
    add(event, at) {
      end = at
      step = event.step
      if (event.kind === 'update') delivered++
      else {
        sent++
        last = event.type
      }
    },
    moment() {
      const parts = [
        ...(sent === 0
          ? []
          : [sent === 1 ? `receives ${last}` : `receives ${sent} events, the last ${last}`]),
        ...(delivered === 0 ? [] : [`delivers ${delivered === 1 ? '1 update' : `${delivered} updates`}`]),
      ]
      return { at: end, ...(step === undefined ? {} : { step }), conversation, text: parts.join(', ') }
    },
  }
}

function nameStreaming(event: Streaming): string {
  if (event.kind === 'stream.event') return `receives ${event.type}`
  return `delivers ${event.update.kind === 'text' ? toShortJson(event.update.text) : event.update.type}`
}

/** Returns a function that gives the conversation of an event, by its run, its request or its span. */
function createOwnerFinder(history: History): (event: HistoryEvent) => number | null {
  const runs = new Map<number, string | null>()
  for (const event of history)
    if (event.kind === 'request' || event.kind === 'request.other') runs.set(event.request, event.run)
  const spans = new Map(listSpans(history).map(({ started }) => [started.span, started.conversation]))
  return (event) => {
    if ('span' in event && typeof event.span === 'string' && event.kind !== 'pull')
      return spans.get(event.span) ?? null
    const run = 'request' in event ? runs.get(event.request) : 'run' in event ? event.run : undefined
    if (event.kind === 'step') return event.conversation
    return parseConversation(run ?? null) ?? null
  }
}

/** Returns an event in a few words, or undefined for an event that the timeline leaves out. */
function describeBriefly(event: HistoryEvent): string | undefined {
  switch (event.kind) {
    case 'mode':
      return `telemetry ${event.to}${event.sabotage ? `, its ${event.sabotage.part} will ${event.sabotage.does}` : ''}`
    case 'run.start':
      return `user says ${toShortJson(event.input)}`
    case 'run.end':
      return `run ${event.outcome.status}${nameError(event.outcome.error)}`
    case 'stop':
      return `consumer stops the run (${event.how})`
    case 'pull':
      return event.error ? `pull throws${nameError(event.error)}` : undefined
    case 'hook':
      return `hook ${event.name}${event.threw ? ' throws' : ''}`
    case 'tool.start':
      return `tool ${event.name} starts`
    case 'tool.end':
      return `tool ${event.name} ${event.error === undefined ? `returns ${toShortJson(event.result)}` : 'throws'}`
    case 'handoff':
      return `${event.from} hands off to ${event.to}`
    case 'span.start':
      return `span ${event.name} starts`
    case 'span.end':
      return `span ${event.name} ends (status ${event.status})`
    case 'span.late':
      return `span ${event.name}, which has ended, ${event.set === 'end' ? 'is ended again' : `has its ${event.set} set`}`
    case 'noise':
      return `${event.what}: ${toShortJson(event.message)}`
    case 'at-rest':
      return 'all runs have ended or were dropped'
    case 'close':
      return 'the team is asked to close'
    case 'left-behind':
      return `after the plan was over: ${event.message}`
    case 'growth':
      return `left of ${event.ended} ended runs: ${event.runs} runs, ${event.responses} responses, ${event.spans} spans, ${event.listeners} listeners`
    case 'left-open':
      return `still open: ${event.what}, ${event.message}`
    case 'request':
      return describeRequest(event)
    case 'request.other':
      return `request ${event.request}: ${event.method} ${event.path}`
    case 'request.refused':
      return `request ${event.request} refused with ${event.status} (rule ${event.rule})`
    case 'request.cancelled':
      return `request ${event.request} cancelled`
    case 'request.unscripted':
      return `request ${event.request} gets a default answer, the plan has none left`
    case 'response.end':
      return `request ${event.request} ${describeResponseEnd(event)}`
    default:
      return undefined
  }
}

function describeRequest({
  request,
  agent,
  attempt,
  body,
  context,
}: Extract<HistoryEvent, { kind: 'request' }>) {
  const named = (body as JsonObject)['previous_response_id']
  return [
    `request ${request}${agent === undefined ? '' : ` of ${agent}`}`,
    ...(attempt > 0 ? [`attempt ${attempt}`] : []),
    ...(typeof named === 'string' ? ['with previous_response_id'] : []),
    context.length === 1 ? 'the model sees 1 item' : `the model sees ${context.length} items`,
  ].join(', ')
}

function describeResponseEnd({
  how,
  status,
  response,
}: Extract<HistoryEvent, { kind: 'response.end' }>): string {
  if (how === 'http') return `answered: HTTP ${status}`
  if (how === 'cut') return 'answered: the connection was lost'
  const calls = (response?.output ?? []).filter(({ type }) => type === 'function_call')
  const called = calls.length === 0 ? '' : `, calls ${calls.map(({ name }) => name).join(', ')}`
  return `answered: ${how}${called}`
}

function nameError(error: Partial<ErrorShape> | undefined): string {
  return error?.message === undefined ? '' : `: ${error.message}`
}
