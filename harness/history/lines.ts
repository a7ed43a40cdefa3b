import { type JsonObject, toShortJson } from '../../mocks/json.ts'
import { toPrintable } from '../../mocks/printable.ts'
import type { ErrorShape } from '../contract/error-shape.ts'
import type { History, HistoryEvent } from '../contract/events.ts'
import { readItemText, readRole } from './items.ts'

/** The most characters in a line. The rest is cut. */
const LIMIT = 400

/** Returns a history as text, one short line per event. The lines are safe to print in a terminal. */
export function formatHistory(history: History): string[] {
  return history.map((event) => toPrintable(formatEvent(event), LIMIT))
}

function formatEvent(event: HistoryEvent): string {
  switch (event.kind) {
    case 'step':
      return `delivery step ${event.step}: conversation ${event.conversation}${event.opened ? '' : ', nothing to deliver'}`
    case 'mode':
      return `telemetry is ${event.to}${event.sabotage ? `; its ${event.sabotage.part} will ${event.sabotage.does}` : ''}`
    case 'runtime':
      return `the runtime documents ${event.retries ?? 'no'} retries${event.remote ? ', and is in another process' : ''}`
    case 'run.start':
      return `${event.run} starts: the user says ${toShortJson(event.input)}`
    case 'stop':
      return `${event.run}: the consumer stops the run (${event.how})`
    case 'run.end':
      return `${event.run} ends: ${event.outcome.status}${formatText(event.outcome.text)}${formatError(event.outcome.error)}`
    case 'update':
      return `${event.run} delivers ${event.update.kind === 'text' ? toShortJson(event.update.text) : event.update.type}`
    case 'pull':
      return `${event.run}: a pull returns, context ${event.context}, active span ${event.span}${formatError(event.error)}`
    case 'hook':
      return `${event.run ?? 'no run'}: hook ${event.name}${formatAgent(event.agent)}${event.threw ? ', which throws' : ''}`
    case 'tool.start':
      return `${event.run} runs ${event.name}${formatCall(event.call)} with ${toShortJson(event.args)}`
    case 'tool.end':
      return `${event.run}: ${event.name}${formatCall(event.call)} ${event.error === undefined ? `returns ${toShortJson(event.result)}` : `throws ${toShortJson(event.error)}`}`
    case 'handoff':
      return `${event.run}: ${event.from} hands off to ${event.to}`
    case 'span.start':
      return `span "${event.name}" starts${event.parent === undefined ? '' : ` below ${event.parent}`}`
    case 'span.end':
      return `span "${event.name}" ends (status ${event.status})${formatAttributes(event.attributes)}`
    case 'span.late':
      return `span "${event.name}" has ended, and then ${event.set === 'end' ? 'is ended again' : `its ${event.set} is set`}`
    case 'noise':
      return `${event.what}: ${toShortJson(event.message)}`
    case 'registration':
      return `${event.at} ${event.hook ?? 'the hooks'} of agent ${event.agent} (number ${event.instance})${event.sabotage ? ` ${SABOTAGED[event.sabotage]}` : ''}`
    case 'collection':
      return event.held === null
        ? 'this process cannot collect garbage'
        : `garbage is collected; ${event.held.length === 0 ? 'no replaced agent is still in memory' : `agents still in memory: number ${event.held.join(', ')}`}`
    case 'at-rest':
      return 'all runs have ended or were dropped, and all is quiet'
    case 'close':
      return 'the team is asked to close'
    case 'left-behind':
      return `after the plan was over: ${event.message}`
    case 'growth':
      return `garbage is collected; left of ${event.ended} ended runs: ${event.runs} runs, ${event.responses} responses, ${event.spans} spans, ${event.listeners} listeners`
    case 'left-open':
      return `still open: ${event.what}, ${event.message}`
    default:
      return formatServiceEvent(event)
  }
}

/** What the plan does to a registration. */
const SABOTAGED = { throw: 'fails', drop: 'is lost at once', repeat: 'is repeated' }

type OfService = Extract<HistoryEvent, { request: number }>

function formatServiceEvent(event: OfService): string {
  const request = `request ${event.request}`
  switch (event.kind) {
    case 'request': {
      const { run, agent, attempt, context, body, carries } = event
      const named = body['previous_response_id']
      return [
        `${run ?? 'no run'} sends ${request}${formatAgent(agent)}${attempt > 0 ? ` (attempt ${attempt})` : ''}`,
        ...(typeof named === 'string' ? [`continuing ${named}`] : []),
        ...(carries.length > 0 ? [`containing texts of conversation ${carries.join(' and ')}`] : []),
        ...(context.length > 0 ? [`the model sees ${context.map(describeItem).join(', ')}`] : []),
      ].join('; ')
    }
    case 'request.other':
      return `${request}: ${event.method} ${event.path}`
    case 'request.unscripted':
      return `${request} gets a default answer, the plan has none left`
    case 'request.refused':
      return `${request} is refused with ${event.status} (rule ${event.rule})`
    case 'request.cancelled':
      return `${request} is cancelled`
    case 'stream.event': {
      const { type, delta, item, error } = event
      const held =
        delta === undefined ? (item === undefined ? '' : ` ${describeItem(item)}`) : ` ${toShortJson(delta)}`
      return `${request} receives ${type}${held}${formatError(error)}`
    }
    case 'response.end': {
      const { how, status, response, error } = event
      const gave =
        response === null
          ? ''
          : ` as ${response.id}${response.output.length > 0 ? `: ${response.output.map(describeItem).join(', ')}` : ''}`
      return `${request} is answered: ${how}${how === 'http' ? ` ${status}` : ''}${gave}${formatError(error)}`
    }
  }
}

/** Returns an item in a few words. */
function describeItem(item: JsonObject): string {
  const { type = 'message', name, call_id: call, arguments: args } = item
  if (type === 'function_call') return `the call ${call} of ${name}(${typeof args === 'string' ? args : ''})`
  if (type === 'function_call_output') return `the result of ${call} ${toShortJson(readItemText(item))}`
  const role = readRole(item)
  return role === undefined ? String(type) : `${role} ${toShortJson(readItemText(item))}`
}

function formatText(text: string): string {
  return text === '' ? '' : ` with ${toShortJson(text)}`
}

function formatError(error: Partial<ErrorShape> | undefined): string {
  if (error === undefined) return ''
  const { status, code, message } = error
  const told = [status, code, message === '' ? undefined : message].filter((part) => part !== undefined)
  return `, error ${told.length === 0 ? 'without a message' : told.map(toShortJson).join(' ')}`
}

function formatAttributes(attributes: JsonObject): string {
  const told = Object.entries(attributes).map(([key, value]) => `${key}=${toShortJson(value)}`)
  return told.length === 0 ? '' : ` with ${told.join(', ')}`
}

function formatAgent(agent: string | undefined): string {
  return agent === undefined ? '' : ` of ${agent}`
}

function formatCall(call: string | undefined): string {
  return call === undefined ? '' : ` for ${call}`
}
