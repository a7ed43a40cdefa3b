import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { type Act, bodyOf } from '../body.ts'
import { advance, type BackgroundRun } from './background.ts'
import { type Composed, terminalOf } from './compose/compose.ts'
import type { OutputItem } from './compose/items.ts'
import type { WireResponse } from './compose/response.ts'
import type { Draft } from './draft.ts'
import { CHUNKED, type Exchange } from './exchange.ts'
import { spoilJson } from './faults/json.ts'
import { failedResponse, type Sent, type StreamFault, spoil } from './faults/stream.ts'
import type { Machine } from './machine.ts'
import { openStream } from './streaming.ts'
import type { CreateBody, Wire } from './types.ts'
import { withUnknown } from './wire.ts'

/** An answer on its way. */
export interface Delivery {
  body: CreateBody
  composed: Composed
  fault: StreamFault | undefined
  wire: Wire
  draft: Draft
  exchange: Exchange
  machine: Machine
}

/** Sends a composed answer in the form that the request asks for: JSON or a stream, at once or in the background. */
export function respond(delivery: Delivery): Promise<Response> {
  const { body, composed, fault, wire, draft, machine, exchange } = delivery
  const events = withUnknown(composed.events, wire)
  const sent = spoil(events, fault)
  const background = body['background'] === true
  const run = background ? backgroundRun(events, sent, delivery) : undefined
  if (run !== undefined) draft.begin(composed.begun, run)
  if (body['stream'] !== true)
    return run === undefined ? answerJson(delivery) : answerBackground(delivery, run)

  const done: OutputItem[] = []
  const full = terminalOf(events)
  return openStream(
    sent,
    wire,
    {
      event(event) {
        if (run !== undefined) return void advance(run, run.events.indexOf(event) + 1)
        if (event.type === 'response.output_item.done') done.push(event.item as OutputItem)
        const ended = endOf(event)
        if (ended !== undefined) draft.settle(ended)
        // A flat error event is the end of its stream: the response has failed, though no event says so.
        else if (fault?.kind === 'error-event' && fault.form === 'flat' && event.type === 'error')
          draft.settle(failedResponse(composed.begun, fault.code))
      },
      cut: () => draft.cut(full, done),
    },
    exchange,
    machine,
    full.id,
    run,
  )
}

/** The response with which a stream ends, if this event ends it. */
export function endOf(event: ResponseStreamEvent): WireResponse | undefined {
  const ends =
    event.type === 'response.completed' ||
    event.type === 'response.incomplete' ||
    event.type === 'response.failed'
  return ends ? event.response : undefined
}

/** The run behind a background answer: what the model does to it happens, what the connection suffers does not. */
function backgroundRun(
  events: readonly ResponseStreamEvent[],
  sent: readonly Sent[],
  { fault, wire, body, draft }: Delivery,
): BackgroundRun {
  const ofModel = fault?.kind === 'failed' || fault?.kind === 'incomplete' || fault?.kind === 'error-event'
  const own = ofModel
    ? sent.flatMap((one) => (typeof one === 'object' && 'event' in one ? [one.event] : []))
    : events
  return {
    events: own,
    wire,
    streamed: body['stream'] === true,
    reached: 0,
    readers: new Set(),
    settle(response) {
      if (response.status === 'queued' || response.status === 'in_progress') draft.begin(response, this)
      else draft.settle(response)
    },
    stop() {
      this.reached = this.events.length
      draft.abandon()
    },
  }
}

/** A background response is answered as it stands at its creation; faults of the connection spoil that answer. */
function answerBackground(delivery: Delivery, run: BackgroundRun): Promise<Response> {
  const { composed, fault, machine } = delivery
  advance(run, machine.facts.backgroundAdvance === 'create' ? run.events.length : 2)
  const shown = machine.facts.backgroundAdvance === 'create' ? terminalOf(run.events) : composed.begun
  const ofConnection =
    fault?.kind === 'failed' || fault?.kind === 'incomplete' || fault?.kind === 'error-event'
  return sendJson(delivery, shown, ofConnection ? undefined : fault, { settle() {}, cut() {} })
}

function answerJson(delivery: Delivery): Promise<Response> {
  const { composed, fault, draft } = delivery
  const { response, kind } = spoilJson(composed.events, composed.response, fault)
  return sendJson(delivery, response, kind === 'broken' ? fault : undefined, {
    settle: () => draft.settle(response),
    cut: () => draft.cut(response, []),
  })
}

interface JsonFate {
  /** The client has the body. */
  settle(): void
  /** The client has not, and will not have it. */
  cut(): void
}

/** Sends a response as JSON: whole, or cut in its middle, held there, or replaced by garbage. */
async function sendJson(
  { exchange, machine }: Delivery,
  response: WireResponse,
  fault: StreamFault | undefined,
  fate: JsonFate,
): Promise<Response> {
  const outcome =
    response.status === 'failed' || response.status === 'incomplete' ? response.status : 'completed'
  if (fault === undefined)
    return exchange.json(response, { outcome, response: response.id, before: fate.settle, gone: fate.cut })
  if (!(await exchange.head())) {
    fate.cut()
    return Response.error()
  }
  const acts = brokenJson(JSON.stringify(response), fault)
  const closing = acts.at(-1)
  const whole = fault.kind === 'garbage'
  let over = false
  const body = bodyOf(
    acts,
    {
      before: (act) =>
        act === 0 ? machine.gate?.({ kind: 'body', request: exchange.number, index: 0 }) : undefined,
      after(act) {
        if (act !== acts.length - 1 || closing === 'stall') return
        over = true
        if (whole) fate.settle()
        else fate.cut()
        exchange.end(whole ? outcome : 'cut', 200, response.id)
      },
      cancelled() {
        if (over) return
        over = true
        fate.cut()
        exchange.cancelled()
      },
    },
    exchange.incoming.signal,
  )
  return new Response(body, { status: 200, headers: { ...exchange.headers('json'), ...CHUNKED } })
}

function brokenJson(text: string, fault: StreamFault): Act[] {
  const encoder = new TextEncoder()
  if (fault.kind === 'garbage') return [{ send: encoder.encode(fault.data) }, 'end']
  const bytes = encoder.encode(text)
  const half = { send: bytes.slice(0, bytes.length >> 1) }
  return [half, fault.kind === 'reset' ? 'reset' : fault.kind === 'stall' ? 'stall' : 'end']
}
