import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { capabilitiesWithoutHandoff } from '../harness/plan/arbitraries/everything.ts'
import { pullNames } from '../harness/plan/schema.ts'
import type { Plan, Turn } from '../harness/plan/types.ts'
import { queueScript } from '../mocks/service/script.ts'
import { createService } from '../mocks/service/service.ts'
import type { Answer, Fault } from '../mocks/service/types.ts'
import scenario from './stream-errors.ts'

const STREAM_FAULTS = ['error-event', 'failed', 'incomplete', 'eof', 'reset', 'garbage', 'stall']
const JSON_FAULTS = STREAM_FAULTS.filter((kind) => kind !== 'error-event')
const CONNECTION_FAULTS = ['http', 'refuse-connection']
const REGIONS = [
  'before the first item',
  'inside a text',
  "inside a call's arguments",
  'before the terminal event',
]
/** The events that begin each stream. Only the connection can break before their end. */
const BEGINNING = 2
const PLACES = ['in the first answer', 'after a tool result']

/** What came up in the plans that were drawn, each as a phrase. */
const seen = new Set<string>()
const all: Plan[] = []

beforeAll(async () => {
  const plans = fc.sample(scenario.plans(capabilitiesWithoutHandoff), { numRuns: 1_000, seed: 1 })
  all.push(...plans)
  for (const { team, conversations } of plans)
    for (const { turns } of conversations)
      for (const [number, turn] of turns.entries())
        for (const [index, answer] of turn.answers.entries())
          for (const fault of reached(answer.faults ?? [])) {
            const next = number < turns.length - 1 ? 'then a next turn' : 'in the last turn'
            const place = PLACES[isAfterCall(turn, index) ? 1 : 0]
            const region =
              turn.stream && 'at' in fault
                ? await regionOf(answer, fault, team[0]?.tools ?? [])
                : 'as a whole'
            seen.add(`${fault.kind}, ${turn.stream ? 'streamed' : 'as JSON'}, ${region}, ${place}, ${next}`)
          }
})

function isAfterCall({ answers }: Turn, index: number): boolean {
  return answers.slice(0, index).some(({ items }) => items.some(({ type }) => type === 'call'))
}

/** The faults that a client meets which asks again where it may: what comes after any other is met by nobody. */
function reached(faults: readonly Fault[]): readonly Fault[] {
  const last = faults.findIndex(
    (fault) =>
      fault.kind !== 'refuse-connection' &&
      !(fault.kind === 'http' && (fault.status >= 500 || [408, 409, 429].includes(fault.status))),
  )
  return last === -1 ? faults : faults.slice(0, last + 1)
}

/** Where in its stream a fault strikes, as the service sends it. */
async function regionOf(answer: Answer, fault: Fault, tools: Plan['team'][number]['tools']): Promise<string> {
  const { agent: _, wire: __, ...plain } = answer
  const whole = await typesSent({ ...plain, faults: [] }, tools)
  const types = await typesSent({ ...plain, faults: [fault] }, tools)
  // What the fault itself sends comes last.
  const sent = types.findIndex((type, at) => type !== whole[at])
  const before = types.slice(0, sent === -1 ? types.length : sent)
  if (before.length <= BEGINNING) return REGIONS[0] as string
  if (before.length === whole.length - 1) return REGIONS[3] as string
  const last = before.at(-1)
  if (last === 'response.output_text.delta') return REGIONS[1] as string
  return last === 'response.function_call_arguments.delta' ? (REGIONS[2] as string) : 'elsewhere'
}

async function typesSent(answer: Answer, tools: Plan['team'][number]['tools']): Promise<string[]> {
  const types: string[] = []
  const gone = new AbortController()
  const service = createService({
    script: queueScript([answer]),
    watch(event) {
      if (event.type === 'stalled') gone.abort()
      if (event.type === 'stream.event')
        types.push(typeof event.event === 'string' ? 'garbage' : event.event.type)
    },
  })
  const offered = tools.map(({ name, parameters }) => ({ type: 'function', name, parameters, strict: false }))
  const body = JSON.stringify({ model: 'gpt-5.1', input: 'hi', stream: true, tools: offered })
  const request = new Request('http://service/v1/responses', { method: 'POST', body, signal: gone.signal })
  await (await service.handle(request)).text().catch(() => undefined)
  return types
}

describe('the plans of stream-errors', () => {
  const streamed = STREAM_FAULTS.flatMap((kind) =>
    REGIONS.flatMap((region) => PLACES.map((place) => `${kind}, streamed, ${region}, ${place}`)),
  )
  const other = PLACES.flatMap((place) => [
    ...JSON_FAULTS.map((kind) => `${kind}, as JSON, as a whole, ${place}`),
    ...CONNECTION_FAULTS.flatMap((kind) =>
      ['streamed', 'as JSON'].map((how) => `${kind}, ${how}, as a whole, ${place}`),
    ),
  ])

  it.each([...streamed, ...other])('have among 1,000: %s, then a next turn', (what) => {
    expect(seen).toContain(`${what}, then a next turn`)
  })

  const text = () => JSON.stringify(all)

  it.each([
    ...pullNames.map((pull) => `"pull":"${pull}"`),
    ...['abort', 'return', 'drop'].map((how) => `"stop":{"how":"${how}"`),
    ...['"after":{"updates":', '"after":{"toolStarts":', '"after":{"request":'],
    ...['before_run', 'after_run', 'transform', 'result', 'cleanup'].map(
      (hook) => `"breaks":{"hook":"${hook}"`,
    ),
    ...['history', 'previous-response', 'conversation-object', 'runtime-default'].map(
      (session) => `"session":"${session}"`,
    ),
    ...['return', 'throw', 'hang', 'agent'].map((act) => `"does":[{"kind":"${act}"`),
    ...[
      '"store":false',
      '"gated":true',
      '"wire":{',
      '"service":{',
      '"encrypted":true',
      '"stream":false',
      '"form":"flat"',
      '"form":"nested"',
    ],
  ])('have among 1,000: %s', (what) => {
    expect(text()).toContain(what)
  })

  it('ask of a runtime nothing that it cannot do', () => {
    const little = fc.sample(scenario.plans(new Set(['history'])), { numRuns: 200, seed: 1 })
    expect(little.every(({ team }) => team.length === 1 && team[0]?.tools.length === 0)).toBe(true)
    const turns = little.flatMap(({ conversations }) => conversations.flatMap(({ turns }) => turns))
    expect(turns.some(({ stream, stop, breaks }) => stream || stop || breaks)).toBe(false)
  })
})
