import fc from 'fast-check'
import type { Answer, Item } from '../../../mocks/service/types.ts'
import { arbitraryWires } from '../../../mocks/service/wire-arbitrary.ts'
import type { AgentSpec } from '../types.ts'
import { HANGING_TOOL, NESTED } from './team.ts'

const text: fc.Arbitrary<Item> = fc
  .constantFrom('It is so.', 'Neither here nor there; somewhere between.', 'Grüße aus Łódź — 你好.')
  .map((text) => ({ type: 'text', text }))

const reasoning: fc.Arbitrary<Item> = fc.record({
  type: fc.constant('reasoning' as const),
  summary: fc.subarray(['First this.', 'Then that.']),
  encrypted: fc.boolean(),
})

/** What a generated answer can contain besides its items. */
export interface AnswerSetup {
  stream: boolean
  wire: boolean
  /** Whether one answer can contain several calls. */
  parallel: boolean
}

/** Returns an arbitrary of answers that end the turn: a text, sometimes with reasoning before it. */
export function arbitraryFinalAnswer(setup: AnswerSetup): fc.Arbitrary<Answer> {
  const items = fc.tuple(fc.option(reasoning, { nil: undefined }), text).map(dropUndefined)
  return arbitraryAnswer(items, setup)
}

/**
 * Returns an arbitrary of an answer with calls, followed by the answers of the agents that it calls as tools. The answer
 * has up to three calls of the agent's tools, sometimes with reasoning before them.
 */
export function arbitraryCallingAnswers(agent: AgentSpec, setup: AnswerSetup): fc.Arbitrary<Answer[]> {
  const names = agent.tools.map(({ name }) => name).filter((name) => name !== HANGING_TOOL)
  if (names.length === 0) return fc.constant([])
  const call = fc
    .record({ tool: fc.constantFrom(...names), value: fc.constantFrom('Oslo', 'Rīga', '') })
    .map(({ tool, value }): Item => ({ type: 'call', tool, args: { value } }))
  const items = fc
    .tuple(
      fc.option(reasoning, { nil: undefined }),
      fc.array(call, { minLength: 1, maxLength: setup.parallel ? 3 : 1 }),
    )
    .map(([first, calls]) => dropUndefined([first, ...calls.filter(isFirstNested)]))
  const nested = arbitraryFinalAnswer({ ...setup, wire: false })
  return arbitraryAnswer(items, setup).chain((answer) => {
    const calls = answer.items.filter((item) => item.type === 'call' && item.tool === NESTED.tool)
    const [act] = agent.tools.find(({ name }) => name === NESTED.tool)?.does ?? []
    const whose = act?.kind === 'agent' ? act.agent : agent.name
    return fc
      .tuple(...calls.map(() => nested.map((one) => ({ ...one, agent: whose }))))
      .map((of) => [answer, ...of])
  })
}

/** Returns false for a further call of a nested agent: no plan decides the order of requests of two nested agents. */
function isFirstNested(call: Item, place: number, calls: readonly Item[]): boolean {
  const nested = (item: Item) => item.type === 'call' && item.tool === NESTED.tool
  return !nested(call) || calls.findIndex(nested) === place
}

/** An answer with a call of the tool that never returns. */
export const hangingAnswer: Answer = {
  items: [{ type: 'call', tool: HANGING_TOOL, args: { value: 'today' } }],
}

/**
 * Returns answers in which the agent calls its nested agent, and the stream of the nested agent stalls after `at` events.
 * Returns undefined for an agent without a nested agent.
 */
export function buildStalledNestedAnswers({ tools }: AgentSpec, at: number): Answer[] | undefined {
  const act = tools.find(({ name }) => name === NESTED.tool)?.does[0]
  if (act?.kind !== 'agent') return undefined
  return [
    { items: [{ type: 'call', tool: NESTED.tool, args: { value: 'Oslo' } }] },
    addStall({ agent: act.agent, items: [{ type: 'text', text: 'It lies in the north.' }] }, at),
  ]
}

/** Returns the answer with a stall after `at` events. */
export function addStall(answer: Answer, at: number): Answer {
  return { ...answer, faults: [{ kind: 'stall', at }] }
}

function arbitraryAnswer(items: fc.Arbitrary<Item[]>, { stream, wire }: AnswerSetup): fc.Arbitrary<Answer> {
  const share = wire && stream ? 25 : 0
  const wired = fc.oneof(
    { weight: 100 - share, arbitrary: fc.constant(undefined) },
    { weight: share, arbitrary: arbitraryWires(64) },
  )
  return fc.tuple(items, wired).map(([items, wire]) => ({ items, ...(wire ? { wire } : {}) }))
}

function dropUndefined(items: readonly (Item | undefined)[]): Item[] {
  return items.filter((item) => item !== undefined)
}
