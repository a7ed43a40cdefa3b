import fc from 'fast-check'
import type { Answer, Item } from '../../../../mocks/service/types.ts'
import type { AgentSpec } from '../../types.ts'
import { HANGING, NESTED } from '../team.ts'

/** What an agent that has the conversation does next, as far as it can: numbers pick among what it has. */
export interface Move {
  /** Calls this many of its tools. */
  calls: number
  /** Hands off to this many others in the same answer. */
  handoffs: number
  pick: number
  says: string
  reasons: boolean
}

/** The moves of one turn, at least one of them. */
export const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.record({
    calls: fc.constantFrom(0, 0, 0, 1, 1, 2),
    handoffs: fc.constantFrom(0, 1, 1, 1, 1, 2),
    pick: fc.nat(11),
    says: fc.constantFrom('It is so.', 'I leave it to another.', 'Grüße aus Łódź — 你好.', ''),
    reasons: fc.constantFrom(false, false, true),
  }),
  { minLength: 1, maxLength: 6 },
)

const THINKS: Item = { type: 'reasoning', summary: ['First this.'], encrypted: true }

/** What a turn's answers are, and who has the conversation after them. */
export interface Told {
  answers: Answer[]
  holder: string
}

/**
 * The moves as the answers of whoever has the conversation, from `holder` on. `goesOn`: agents may go on by themselves after
 * an answer that calls nothing; else such an answer is the last. Where `parallel`, an answer calls several tools and agents.
 */
export function answersOf(
  team: readonly AgentSpec[],
  holder: string,
  drawn: readonly Move[],
  { goesOn, parallel }: { goesOn: boolean; parallel: boolean },
): Told {
  const answers: Answer[] = []
  let active = holder
  for (const move of drawn) {
    const agent = team.find(({ name }) => name === active)
    if (agent === undefined) break
    const tools = agent.tools.map(({ name }) => name).filter((name) => name !== HANGING)
    const calls = taken(tools, move.pick, parallel ? move.calls : Math.min(1, move.calls)).map(
      (tool): Item => ({ type: 'call', tool, args: { value: 'Oslo' } }),
    )
    const most = parallel ? move.handoffs : Math.min(1 - calls.length, move.handoffs)
    const targets = taken(agent.handoffs, move.pick, most)
    const handoffs = targets.map((to): Item => ({ type: 'handoff', to }))
    const quiet = calls.length + handoffs.length > 0 && move.says === ''
    answers.push({
      items: [
        ...(move.reasons ? [THINKS] : []),
        ...(quiet ? [] : [{ type: 'text' as const, text: move.says || 'So be it.' }]),
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

/** Each that can hand off does so whenever it is asked: only a condition or a limit of the runtime's own ends it. */
export function endlessAnswers(team: readonly AgentSpec[]): Answer[] {
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

/** So many of a list, from a place on, each once. */
function taken<T>(list: readonly T[], from: number, count: number): T[] {
  return Array.from({ length: Math.min(count, list.length) }, (_, at) => list[(from + at) % list.length] as T)
}
