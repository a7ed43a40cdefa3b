import fc from 'fast-check'
import type { Answer, Item } from '../../../mocks/service/types.ts'
import { arbitraryWires } from '../../../mocks/service/wire-arbitrary.ts'
import type { AgentSpec } from '../types.ts'
import { HANGING, NESTED } from './team.ts'

const text: fc.Arbitrary<Item> = fc
  .constantFrom('It is so.', 'Neither here nor there; somewhere between.', 'Grüße aus Łódź — 你好.')
  .map((text) => ({ type: 'text', text }))

const reasoning: fc.Arbitrary<Item> = fc.record({
  type: fc.constant('reasoning' as const),
  summary: fc.subarray(['First this.', 'Then that.']),
  encrypted: fc.boolean(),
})

/** What an answer may be made of, beside its items. */
export interface AnswerSetup {
  stream: boolean
  wire: boolean
  /** Whether one answer may hold several calls. */
  parallel: boolean
}

/** An answer that ends the turn: a text, perhaps with reasoning before it. */
export function lastAnswer(setup: AnswerSetup): fc.Arbitrary<Answer> {
  const items = fc.tuple(fc.option(reasoning, { nil: undefined }), text).map(present)
  return dressed(items, setup)
}

/**
 * An answer that calls up to three of the agent's tools in parallel, perhaps with reasoning before them, and the answers
 * of the agents that are called as tools.
 */
export function callingAnswers(agent: AgentSpec, setup: AnswerSetup): fc.Arbitrary<Answer[]> {
  const names = agent.tools.map(({ name }) => name).filter((name) => name !== HANGING)
  if (names.length === 0) return fc.constant([])
  const call = fc
    .record({ tool: fc.constantFrom(...names), value: fc.constantFrom('Oslo', 'Rīga', '') })
    .map(({ tool, value }): Item => ({ type: 'call', tool, args: { value } }))
  const items = fc
    .tuple(
      fc.option(reasoning, { nil: undefined }),
      fc.array(call, { minLength: 1, maxLength: setup.parallel ? 3 : 1 }),
    )
    .map(([first, calls]) => present([first, ...calls.filter(isFirstNested)]))
  const nested = lastAnswer({ ...setup, wire: false })
  return dressed(items, setup).chain((answer) => {
    const calls = answer.items.filter((item) => item.type === 'call' && item.tool === NESTED.tool)
    const [act] = agent.tools.find(({ name }) => name === NESTED.tool)?.does ?? []
    const whose = act?.kind === 'agent' ? act.agent : agent.name
    return fc
      .tuple(...calls.map(() => nested.map((one) => ({ ...one, agent: whose }))))
      .map((of) => [answer, ...of])
  })
}

/** Two nested agents at once would send their requests in an order that nothing decides. */
function isFirstNested(call: Item, place: number, calls: readonly Item[]): boolean {
  const nested = (item: Item) => item.type === 'call' && item.tool === NESTED.tool
  return !nested(call) || calls.findIndex(nested) === place
}

/** An answer that calls the tool that never gives its result. */
export const hangingAnswer: Answer = { items: [{ type: 'call', tool: HANGING, args: { value: 'today' } }] }

/** Answers in which an agent is asked as a tool and falls silent after so many events; undefined for one that has none. */
export function silentNested({ tools }: AgentSpec, at: number): Answer[] | undefined {
  const act = tools.find(({ name }) => name === NESTED.tool)?.does[0]
  if (act?.kind !== 'agent') return undefined
  return [
    { items: [{ type: 'call', tool: NESTED.tool, args: { value: 'Oslo' } }] },
    stalling({ agent: act.agent, items: [{ type: 'text', text: 'It lies in the north.' }] }, at),
  ]
}

/** The answer with its stream falling silent after so many events. */
export function stalling(answer: Answer, at: number): Answer {
  return { ...answer, faults: [{ kind: 'stall', at }] }
}

function dressed(items: fc.Arbitrary<Item[]>, { stream, wire }: AnswerSetup): fc.Arbitrary<Answer> {
  const share = wire && stream ? 25 : 0
  const wired = fc.oneof(
    { weight: 100 - share, arbitrary: fc.constant(undefined) },
    { weight: share, arbitrary: arbitraryWires(64) },
  )
  return fc.tuple(items, wired).map(([items, wire]) => ({ items, ...(wire ? { wire } : {}) }))
}

function present(items: readonly (Item | undefined)[]): Item[] {
  return items.filter((item) => item !== undefined)
}
