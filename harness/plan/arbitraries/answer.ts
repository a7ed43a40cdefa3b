import fc from 'fast-check'
import type { Answer, Item } from '../../../mocks/service/types.ts'
import { arbitraryWires } from '../../../mocks/service/wire-arbitrary.ts'
import { isMessage } from '../item-kinds.ts'
import type { AgentSpec } from '../types.ts'
import { HANGING_TOOL } from './team.ts'
import { arbitraryArguments, NESTED } from './tool.ts'

const text: fc.Arbitrary<Item> = fc
  .constantFrom('It is so.', 'Neither here nor there; somewhere between.', 'Grüße aus Łódź — 你好.')
  .map((text) => ({ type: 'text', text }))

/** A text, or instead of it a refusal, as a model gives it now and then. */
const lastWord: fc.Arbitrary<Item> = fc.oneof(
  { weight: 14, arbitrary: text },
  { weight: 1, arbitrary: fc.constant<Item>({ type: 'refusal', text: 'I cannot help with that.' }) },
)

/** An arbitrary of reasoning items. */
export const reasoning: fc.Arbitrary<Item> = fc.record({
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
  /** Whether some calls are such that nobody can run them. */
  wrong: boolean
}

/** Returns an arbitrary of what stands before the last item of an answer: mostly nothing or reasoning, sometimes several items. */
function arbitraryBeginning(item: fc.Arbitrary<Item>): fc.Arbitrary<Item[]> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant<Item[]>([]) },
    { weight: 3, arbitrary: reasoning.map((one) => [one]) },
    { weight: 2, arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }) },
  )
}

/** Returns an arbitrary of answers that end the turn: mostly one text, sometimes several texts and reasoning before it. */
export function arbitraryFinalAnswer(setup: AnswerSetup): fc.Arbitrary<Answer> {
  const items = fc.tuple(arbitraryBeginning(fc.oneof(text, text, reasoning)), lastWord)
  return arbitraryAnswer(
    items.map(([before, last]) => [...before, last]),
    setup,
  )
}

/**
 * Returns an arbitrary of an answer with calls, followed by the answers of the agents that it calls as tools. The answer
 * has up to three calls of the agent's tools, sometimes with reasoning or texts before, between and after them. Calls may be equal.
 */
export function arbitraryCallingAnswers(
  agent: AgentSpec,
  team: readonly AgentSpec[],
  setup: AnswerSetup,
): fc.Arbitrary<Answer[]> {
  const names = agent.tools.map(({ name }) => name).filter((name) => name !== HANGING_TOOL)
  if (names.length === 0) return fc.constant([])
  const call = fc
    .constantFrom(...names)
    .chain((tool) =>
      fc.record({
        tool: fc.constant(tool),
        args: arbitraryArguments(tool),
        wrong: fc.oneof(
          { weight: 12, arbitrary: fc.constant(undefined) },
          { weight: setup.wrong ? 1 : 0, arbitrary: fc.constantFrom('name' as const, 'arguments' as const) },
        ),
      }),
    )
    .map(({ tool, args, wrong }): Item => {
      const item: Item = { type: 'call', tool, args }
      // A nested agent that is called wrongly makes no request, so that the answers for it would be left over.
      return wrong === undefined || tool === NESTED.tool ? item : { ...item, wrong }
    })
  const calls = fc.array(call, { minLength: 1, maxLength: setup.parallel ? 3 : 1 }).map(removeFurtherNested)
  const items = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.tuple(arbitraryBeginning(fc.oneof(text, reasoning)), calls).map((of) => of.flat()),
    },
    { weight: 1, arbitrary: calls.chain(arbitraryMixture) },
  )
  return arbitraryAnswer(items, setup).chain((answer) => {
    const calls = answer.items.filter((item) => item.type === 'call' && item.tool === NESTED.tool)
    const [act] = agent.tools.find(({ name }) => name === NESTED.tool)?.does ?? []
    const whose = act?.kind === 'agent' ? act.agent : agent.name
    const nested = arbitraryNestedAnswers(team.find(({ name }) => name === whose) ?? agent, setup)
    return fc.tuple(...calls.map(() => nested)).map((of) => [answer, ...of.flat()])
  })
}

/** Returns an arbitrary of the answers of an agent that is called as a tool. Sometimes it calls its own tool first. */
function arbitraryNestedAnswers(agent: AgentSpec, setup: AnswerSetup): fc.Arbitrary<Answer[]> {
  const plain = { ...setup, wire: false }
  const last = arbitraryFinalAnswer(plain).map((one) => [one])
  const hasOwn = agent.tools.some(({ name }) => name === NESTED.ownTool)
  const call: Item = { type: 'call', tool: NESTED.ownTool, args: { value: 'Karl Johans gate' } }
  const first = fc
    .option(reasoning, { nil: undefined })
    .map((before) => [{ items: dropUndefined([before, call]) }])
  const calling = fc.tuple(first, last).map((of) => of.flat())
  return (hasOwn ? fc.oneof(last, calling) : last).map((answers) =>
    answers.map((one) => ({ ...one, agent: agent.name })),
  )
}

/** Returns an arbitrary of the calls with a text or reasoning after some of them. An answer never ends with reasoning. */
function arbitraryMixture(calls: Item[]): fc.Arbitrary<Item[]> {
  const after = fc.option(fc.oneof(text, reasoning), { nil: undefined })
  return fc.array(after, { minLength: calls.length, maxLength: calls.length }).map((others) => {
    const items = calls.flatMap((call, at) => dropUndefined([call, others[at]]))
    return items.at(-1)?.type === 'reasoning' ? items.slice(0, -1) : items
  })
}

/** Removes further calls of a nested agent: no plan decides the order of requests of two nested agents. */
function removeFurtherNested(items: Item[]): Item[] {
  const isNested = (item: Item) => item.type === 'call' && item.tool === NESTED.tool
  return items.filter((item, place) => !isNested(item) || items.findIndex(isNested) === place)
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
  // Some messages have several parts.
  const joined = fc.oneof(
    { weight: 7, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  )
  return fc.tuple(items, wired, joined).map(([items, wire, joined]) => ({
    items: joined ? joinMessages(items) : items,
    ...(wire ? { wire } : {}),
  }))
}

/** Makes each message that follows another one a further part of it. Adds such a part to the first text if no message follows another. */
function joinMessages(items: Item[]): Item[] {
  const joined = items.map((item, at) =>
    isMessage(item) && isMessage(items[at - 1]) ? { ...item, sameMessage: true as const } : item,
  )
  const first = items.findIndex(({ type }) => type === 'text')
  if (first < 0 || joined.some((item) => 'sameMessage' in item)) return joined
  return joined.toSpliced(first + 1, 0, { type: 'text', text: 'So it stays.', sameMessage: true })
}

function dropUndefined(items: readonly (Item | undefined)[]): Item[] {
  return items.filter((item) => item !== undefined)
}
