import fc from 'fast-check'
import type { Answer, Item } from '../../../../mocks/service/types.ts'
import type { Capability } from '../../../contract/runtime.ts'
import type { AgentSpec } from '../../types.ts'
import { reasoning } from '../answer.ts'
import { HANGING_TOOL } from '../team.ts'
import { NESTED } from '../tool.ts'

/** What the active agent does next, as far as it has tools and handoffs. */
export interface Move {
  /** The number of tools that the agent calls. */
  calls: number
  /** The number of agents that it hands off to in the same answer. */
  handoffs: number
  /** Where the choice among the agent's tools and handoffs starts. */
  pick: number
  says: string
  /** Whether what the agent says is a message of two parts. */
  inParts: boolean
  reasoning?: Item | undefined
  /** The argument of each call. */
  city: string
  /** What is wrong with the first call. */
  wrong?: WrongCall | undefined
}

type WrongCall = NonNullable<(Item & { type: 'call' })['wrong']>

/** The moves of one turn, at least one. */
export const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.record({
    calls: fc.constantFrom(0, 0, 0, 1, 1, 2),
    handoffs: fc.constantFrom(0, 1, 1, 1, 1, 2),
    pick: fc.nat(11),
    says: fc.constantFrom('It is so.', 'I leave it to another.', 'Grüße aus Łódź — 你好.', ''),
    inParts: fc.oneof(
      { weight: 8, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    reasoning: fc.oneof(
      { weight: 2, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: reasoning },
    ),
    city: fc.constantFrom('Oslo', 'Rīga'),
    wrong: fc.oneof(
      { weight: 8, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom<WrongCall[]>('name', 'arguments') },
    ),
  }),
  { minLength: 1, maxLength: 6 },
)

/** The answers of a turn, and the agent that has the conversation after them. */
export interface AnswersAndHolder {
  answers: Answer[]
  holder: string
}

/**
 * Returns the moves as answers, each by the agent that has the conversation. `holder` has it first. With `goesOn`, agents
 * continue after an answer without calls; otherwise such an answer is the last. A runtime with `parallel-tools` gets answers with
 * several calls and handoffs, and one with `call-errors` gets calls that nobody can run.
 */
export function buildAnswers(
  team: readonly AgentSpec[],
  holder: string,
  drawn: readonly Move[],
  { goesOn, supports }: { goesOn: boolean; supports: ReadonlySet<Capability> },
): AnswersAndHolder {
  const parallel = supports.has('parallel-tools')
  const answers: Answer[] = []
  let active = holder
  for (const move of drawn) {
    const agent = team.find(({ name }) => name === active)
    if (agent === undefined) break
    const tools = agent.tools.map(({ name }) => name).filter((name) => name !== HANGING_TOOL)
    const calls = pickFrom(tools, move.pick, parallel ? move.calls : Math.min(1, move.calls)).map(
      (tool, at): Item => {
        const call: Item = { type: 'call', tool, args: { value: move.city } }
        const isWrong = at === 0 && tool !== NESTED.tool && supports.has('call-errors')
        return isWrong && move.wrong ? { ...call, wrong: move.wrong } : call
      },
    )
    const most = parallel ? move.handoffs : Math.min(1 - calls.length, move.handoffs)
    const targets = pickFrom(agent.handoffs, move.pick, most)
    const handoffs = targets.map((to): Item => ({ type: 'handoff', to }))
    const quiet = calls.length + handoffs.length > 0 && move.says === ''
    answers.push({
      items: [
        ...(move.reasoning ? [move.reasoning] : []),
        ...(quiet ? [] : buildMessage(move)),
        ...(move.pick % 2 === 0 ? [...calls, ...handoffs] : [...handoffs, ...calls]),
      ],
    })
    if (calls.some((item) => item.type === 'call' && item.tool === NESTED.tool))
      answers.push({ agent: NESTED.agent, items: [{ type: 'text', text: 'It lies in the north.' }] })
    active = targets[0] ?? active
    if (!goesOn && calls.length + handoffs.length === 0) return { answers, holder: active }
  }
  answers.push({ items: [{ type: 'text', text: 'That is all.' }] })
  return { answers, holder: active }
}

function buildMessage({ says, inParts }: Move): Item[] {
  const first: Item = { type: 'text', text: says || 'So be it.' }
  return inParts ? [first, { type: 'text', text: 'I am sure.', sameMessage: true }] : [first]
}

/** Returns answers in which every agent always hands off, so that only a condition or a limit ends the turn. */
export function buildEndlessAnswers(team: readonly AgentSpec[]): Answer[] {
  return team.flatMap(({ name, handoffs: [to] }) =>
    to === undefined
      ? []
      : [
          {
            agent: name,
            always: true,
            items: [
              { type: 'text', text: 'Your turn.' },
              { type: 'handoff', to },
            ],
          },
        ],
  )
}

/** Returns up to `count` different elements of a list, beginning at `from` and going around at the end. */
function pickFrom<T>(list: readonly T[], from: number, count: number): T[] {
  return Array.from({ length: Math.min(count, list.length) }, (_, at) => list[(from + at) % list.length] as T)
}
