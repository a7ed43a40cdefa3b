import { cutAroundDifference } from '../../mocks/differing-texts.ts'
import { isSameJson } from '../../mocks/json.ts'
import { filterEvents, type History, parseConversation } from '../contract/events.ts'
import { computeDigest, writeDigestText } from '../history/digest.ts'
import { listObservedRuns, type ObservedRun, toComparableTexts } from '../history/observed.ts'
import { hasProcessEnded } from '../history/process.ts'
import { findEndOfRun } from '../history/runs.ts'
import { telemetryModes } from '../plan/schema.ts'
import { listAgentsUsedAsTools } from '../plan/team.ts'
import type { Mode, Plan } from '../plan/types.ts'
import type { Comparison, Violation } from './types.ts'

export const telemetryIsTransparent: Comparison = {
  id: 'telemetry-is-transparent',
  level: 'must',
  statement:
    'A plan has the same outcomes, requests, updates, hooks and tool calls with telemetry off, on, with sensitive data, switched during a run, and with an exporter that fails.',
  source:
    'https://github.com/microsoft/agent-framework/issues/6866 (observability fails a run that succeeds without it); https://opentelemetry.io/docs/specs/otel/error-handling/ (telemetry must not significantly change what the application does)',
  since: '0.1.0',
  needs: ['spans'],
  variants(plan) {
    if (isOrderUndecided(plan)) return []
    const { mode } = plan
    const disturbed = mode.toggles !== undefined || mode.sabotage !== undefined
    const modes = disturbed ? telemetryModes : telemetryModes.filter((one) => one !== mode.start)
    return modes.map((start) => setMode(plan, { start }))
  },
  compare(own, others) {
    // The comparison survives-broken-tracer covers the effects of a broken tracer.
    const all = hasBrokenTracer(own) ? others : [own, ...others]
    const base = all.find(isWithoutTelemetry) ?? all[0]
    if (base === undefined) return []
    const differing = all
      .filter((one) => one !== base)
      .flatMap((other) =>
        findDifferences(other, base).map((one) => ({ ...one, telemetry: nameTelemetry(other) })),
      )
    // What telemetry itself changes says nothing of sensitive data or of an exporter.
    const changed = new Set(differing.filter(({ telemetry }) => telemetry === ON).map(({ kind }) => kind))
    return differing
      .filter(({ kind, telemetry }) => telemetry === ON || !changed.has(kind))
      .map(({ run, message, kind, telemetry }) => ({
        at: findEndOfRun(own, run),
        message,
        cause: `${kind}, ${telemetry}`,
      }))
  },
  countWitnesses(own, others) {
    const [first, ...rest] = hasBrokenTracer(own) ? others : [own, ...others]
    return first === undefined ? 0 : countComparedRuns(first, rest)
  },
}

/** Returns whether telemetry was off all the time. The other histories are compared with such a history. */
function isWithoutTelemetry(history: History): boolean {
  const modes = filterEvents(history, 'mode')
  return modes.length === 1 && modes[0]?.to === 'off' && modes[0].sabotage === undefined
}

function hasBrokenTracer([first]: History): boolean {
  const sabotage = first?.kind === 'mode' ? first.sabotage : undefined
  return sabotage !== undefined && sabotage.part !== 'exporter'
}

export const survivesBrokenTracer: Comparison = {
  id: 'survives-broken-tracer',
  // The specification binds implementations of OpenTelemetry. For their users, to expect failures is only good practice.
  level: 'should',
  statement:
    'If a tracer, span processor or hook registration fails, only spans change. Outcomes, requests, updates, hooks and tool calls stay the same.',
  source:
    'https://opentelemetry.io/docs/specs/otel/error-handling/ (expect external callbacks to throw); https://github.com/alibaba/loongsuite-python-agent/pull/184 (a registration that fails leaves the agent without instrumentation, and whole)',
  since: '0.1.0',
  needs: ['spans'],
  variants(plan) {
    const { sabotage, ...sound } = plan.mode
    const isSound = sabotage === undefined || sabotage.part === 'exporter'
    return isSound || isOrderUndecided(plan) ? [] : [setMode(plan, sound)]
  },
  compare: (own, others) =>
    others.flatMap((other) =>
      findDifferences(own, other).map(({ run, message, kind }) => ({
        at: findEndOfRun(own, run),
        message,
        cause: `${kind}, ${nameTelemetry(own)}`,
      })),
    ),
  countWitnesses: countComparedRuns,
}

export const samePlanSameHistory: Comparison = {
  id: 'same-plan-same-history',
  // No specification forbids a runtime to use random values.
  level: 'should',
  statement: 'Two runs of the same plan give the same history, except for ids and times.',
  source:
    'https://martinfowler.com/articles/nonDeterminism.html (a test whose subject draws lots proves nothing); order and time are data of the plan, so what differs the runtime itself has drawn',
  since: '0.1.0',
  needs: [],
  sampled: true,
  variants: (plan) => (isOrderUndecided(plan) ? [] : [plan]),
  compare: (own, others) =>
    others.flatMap((other) => (isSameHistory(own, other) ? [] : [findFirstDigestDifference(own, other)])),
  countWitnesses: countComparedRuns,
}

/**
 * Returns whether no step of the plan orders some of its events. In a thread, an agent that runs as a tool goes on while the
 * harness answers another tool call.
 */
function isOrderUndecided({ team, conversations }: Plan): boolean {
  return listAgentsUsedAsTools(team).size > 0 && conversations.some(({ as }) => as === 'thread')
}

/** Returns the number of runs with a request that are in a history and in another one, for all others together. */
function countComparedRuns(own: History, others: readonly History[]): number {
  if (hasProcessEnded(own)) return 0
  const runs = new Set(
    listObservedRuns(own)
      .filter(hasRequest)
      .map(({ run }) => run),
  )
  return others
    .filter((other) => !hasProcessEnded(other))
    .reduce((sum, other) => sum + listObservedRuns(other).filter(({ run }) => runs.has(run)).length, 0)
}

function hasRequest({ seen }: ObservedRun): boolean {
  return (seen['request'] ?? []).length > 0
}

/** Compares histories event by event, and by digest only if they differ, because a digest is slow. */
function isSameHistory(own: History, other: History): boolean {
  return isEqualHistory(own, other) || computeDigest(own) === computeDigest(other)
}

/** Compares event by event, because the text of a whole history may exceed the maximum length of a string. */
function isEqualHistory(own: History, other: History): boolean {
  return (
    own.length === other.length &&
    own.every(
      (event, at) => isSameJson(event, other[at]) || JSON.stringify(event) === JSON.stringify(other[at]),
    )
  )
}

function setMode(plan: Plan, mode: Mode): Plan {
  return { ...plan, mode }
}

/** The first difference of a run between two variants of a plan, and what kind of thing differs. */
interface RunDifference {
  run: string
  message: string
  kind: string
}

/** Returns the first difference of each conversation. What differs in its later runs may only follow from it. */
function findDifferences(own: History, other: History): RunDifference[] {
  // A history of a process that ended is incomplete, so it is not compared.
  if (hasProcessEnded(own) || hasProcessEnded(other)) return []
  const others = new Map(listObservedRuns(other).map((run) => [run.run, run]))
  const differing = new Set<number | undefined>()
  return listObservedRuns(own).flatMap((run) => {
    const beside = others.get(run.run)
    const conversation = parseConversation(run.run)
    if (beside === undefined || differing.has(conversation)) return []
    const differs = findFirstDifference(run, beside)
    if (differs === undefined) return []
    differing.add(conversation)
    const { kind, place, is, was } = differs
    const [found, besides] = shortenTexts(is, was)
    const message = `run ${run.run}: ${kind} ${place + 1} is ${found} ${describeTelemetry(own)}, but ${besides} ${describeTelemetry(other)}`
    return [{ run: run.run, message, kind }]
  })
}

interface Difference {
  kind: string
  place: number
  is: string | undefined
  was: string | undefined
}

function findFirstDifference({ seen }: ObservedRun, beside: ObservedRun): Difference | undefined {
  for (const [kind, held] of Object.entries(seen)) {
    const besides = beside.seen[kind] ?? []
    // Equal values need no comparison with numbered ids.
    if (isSameJson(held, besides) || JSON.stringify(held) === JSON.stringify(besides)) continue
    const [values, those] = [toComparableTexts(held), toComparableTexts(besides)]
    for (let place = 0; place < Math.max(values.length, those.length); place++)
      if (values[place] !== those[place]) return { kind, place, is: values[place], was: those[place] }
  }
  return undefined
}

function describeTelemetry([first]: History): string {
  if (first?.kind !== 'mode') return 'with unchanged telemetry'
  const { to, sabotage } = first
  return `with telemetry ${to}${sabotage === undefined ? '' : ` and a broken ${sabotage.part}`}`
}

/** Telemetry that is switched on, as words of a cause. */
const ON = 'telemetry on'

/** Returns the telemetry of a history as words of a cause. */
function nameTelemetry([first]: History): string {
  if (first?.kind !== 'mode') return ON
  const { to, sabotage } = first
  return sabotage === undefined ? `telemetry ${to}` : `${sabotage.part} ${sabotage.does}`
}

/** The most characters of each of two compared texts in a message. */
const TEXT_LENGTH = 120

function shortenTexts(one: string | undefined, other: string | undefined): [string, string] {
  return cutAroundDifference(one || 'nothing', other || 'nothing', TEXT_LENGTH)
}

function findFirstDigestDifference(own: History, other: History): Violation {
  const [these, those] = [writeDigestText(own).split('\n'), writeDigestText(other).split('\n')]
  const line = these.findIndex((text, place) => text !== those[place])
  const [first, second] = shortenTexts(these[line], those[line])
  const message = `line ${line + 1} of the digest text is ${first} in the first run, but ${second} in the second run`
  const kind = /"kind":"([a-z.-]+)"/.exec(these[line] ?? those[line] ?? '')?.[1] ?? 'another number of events'
  return { at: Math.max(0, own.length - 1), message, cause: kind }
}
