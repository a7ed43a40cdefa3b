import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { streamActs } from '../body.ts'
import { advanceRun, type BackgroundRun } from './background.ts'
import type { Composed } from './compose/compose.ts'
import type { OutputItem } from './compose/items.ts'
import type { WireResponse } from './compose/response.ts'
import type { Dialect } from './dialect.ts'
import type { Draft } from './draft.ts'
import { CHUNKED, type Exchange } from './exchange.ts'
import { breakJson, spoilResponse } from './faults/json.ts'
import { type ConnectionFault, isModelFault, type ModelFault, type StreamFault } from './faults/stages.ts'
import { buildFailedResponse, spoilStream } from './faults/stream.ts'
import type { Machine } from './machine.ts'
import { openStream, type StreamFate } from './streaming.ts'
import type { CreateBody, Wire } from './types.ts'
import { addUnknownEvents } from './wire.ts'

/** An answer and everything that is needed to send it. */
export interface Delivery {
  body: CreateBody
  composed: Composed
  fault: StreamFault | undefined
  wire: Wire
  dialect: Dialect
  draft: Draft
  exchange: Exchange
  machine: Machine
}

/** Sends a composed answer in the form that the request asks for: as JSON or as a stream, now or in the background. */
export function deliverAnswer(delivery: Delivery): Promise<Response> {
  const { body, composed, fault, wire, draft } = delivery
  const streamed = body['stream'] === true
  if (body['background'] !== true) return streamed ? deliverStream(delivery) : deliverJson(delivery)
  const run = createBackgroundRun(delivery)
  draft.begin(composed.begun, run)
  if (!streamed) return deliverBackground(delivery, run)
  const sent = spoilStream(addUnknownEvents(composed.events, wire), fault)
  const fate: StreamFate = {
    event: (event) => advanceRun(run, event.sequence_number + 1),
    cut() {},
  }
  return openStream(sent, fate, delivery, composed.begun.id, run)
}

function deliverStream(delivery: Delivery): Promise<Response> {
  const { composed, fault, wire, draft } = delivery
  const full = composed.response
  const done: OutputItem[] = []
  const fate: StreamFate = {
    event(event) {
      if (event.type === 'response.output_item.done') done.push(event.item as OutputItem)
      const ended = readFinalResponse(event)
      if (ended !== undefined) draft.settle(ended)
      // A flat error event ends its stream. The response has failed, although no event says so.
      else if (event.type === 'error' && fault?.kind === 'error-event' && fault.form === 'flat')
        draft.settle(buildFailedResponse(composed.begun, fault.code))
    },
    cut: () => draft.cut(full, done),
  }
  return openStream(spoilStream(addUnknownEvents(composed.events, wire), fault), fate, delivery, full.id)
}

/** Returns the response with which a stream ends, if this event ends the stream. */
function readFinalResponse(event: ResponseStreamEvent): WireResponse | undefined {
  const ends =
    event.type === 'response.completed' ||
    event.type === 'response.incomplete' ||
    event.type === 'response.failed'
  return ends ? event.response : undefined
}

/** Returns the fault as `model` or as `connection`, depending on where it happens. */
function splitFault(fault: StreamFault | undefined): { model?: ModelFault; connection?: ConnectionFault } {
  if (fault === undefined) return {}
  return isModelFault(fault) ? { model: fault } : { connection: fault }
}

/**
 * Returns the run of a background answer. A fault of the model happens in the run. A fault of the connection does not.
 */
function createBackgroundRun({ fault, wire, body, draft, composed }: Delivery): BackgroundRun {
  const own = splitFault(fault).model
  const sent = spoilStream(addUnknownEvents(composed.events, wire), own)
  const events = sent.flatMap((one) => (typeof one === 'object' && 'event' in one ? [one.event] : []))
  const last = events.at(-1)
  return {
    events,
    // Only a flat error event ends a stream without the final response.
    end:
      (last && readFinalResponse(last)) ??
      buildFailedResponse(composed.begun, own?.kind === 'error-event' ? own.code : ''),
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

/**
 * Answers a background request with the response as it is at its creation. A fault of the connection spoils this
 * answer.
 */
function deliverBackground(delivery: Delivery, run: BackgroundRun): Promise<Response> {
  const { composed, fault, machine } = delivery
  const atOnce = machine.facts.backgroundAdvance === 'create'
  advanceRun(run, atOnce ? run.events.length : 2)
  const shown = atOnce ? run.end : composed.begun
  return sendJson(delivery, shown, splitFault(fault).connection, { settle() {}, cut() {} })
}

function deliverJson(delivery: Delivery): Promise<Response> {
  const { composed, fault, draft } = delivery
  const { model, connection } = splitFault(fault)
  const response = spoilResponse(composed.events, composed.response, model)
  return sendJson(delivery, response, connection, {
    settle: () => draft.settle(response),
    cut: () => draft.cut(response, []),
  })
}

interface JsonFate {
  /** Called when the client has the body. */
  settle(): void
  /** Called when the client will never have the body. */
  cut(): void
}

/** Sends a response as JSON: whole, cut in the middle, stalled in the middle, or replaced by garbage. */
async function sendJson(
  { dialect, exchange, machine }: Delivery,
  response: WireResponse,
  fault: ConnectionFault | undefined,
  fate: JsonFate,
): Promise<Response> {
  const outcome =
    response.status === 'failed' || response.status === 'incomplete' ? response.status : 'completed'
  const { value, status, headers } = dialect.writeJson(response)
  if (fault === undefined)
    return exchange.answerJson(response, {
      outcome,
      response: response.id,
      spelled: value,
      status,
      ...(headers === undefined ? {} : { headers: { ...exchange.buildHeaders('refusal'), ...headers } }),
      before: fate.settle,
      gone: fate.cut,
    })
  if (!(await exchange.waitForHead())) {
    fate.cut()
    return Response.error()
  }
  const acts = breakJson(JSON.stringify(value), fault)
  const closing = acts.at(-1)
  const whole = fault.kind === 'garbage'
  let over = false
  const body = streamActs(
    acts,
    {
      before: (act) =>
        act === 0 ? machine.gate?.({ kind: 'body', request: exchange.number, index: 0 }) : undefined,
      after(act) {
        if (act !== acts.length - 1) return
        if (closing === 'stall') return machine.watch({ type: 'stalled', request: exchange.number })
        over = true
        if (fault.kind === 'garbage')
          machine.watch({ type: 'stream.event', request: exchange.number, index: 0, event: fault.data })
        if (whole) fate.settle()
        else fate.cut()
        exchange.reportEnd(whole ? outcome : 'cut', 200, response.id)
      },
      cancelled() {
        if (over) return
        over = true
        fate.cut()
        exchange.reportCancelled()
      },
    },
    exchange.incoming.signal,
  )
  return new Response(body, { status: 200, headers: { ...exchange.buildHeaders('json'), ...CHUNKED } })
}
