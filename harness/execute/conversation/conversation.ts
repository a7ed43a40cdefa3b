import { parseConversation } from '../../contract/events.ts'
import type { AgentSpec, Conversation as ConversationPlan, Plan } from '../../plan/types.ts'
import type { Gates, Standing } from '../schedule/gates.ts'
import { OpenTurn } from './turn.ts'

/** Where a conversation is on its way through its turns. The last three are final. */
type State = 'not-begun' | 'in-turn' | 'ended' | 'set-aside' | 'given-up'

/** The states that may follow each state. */
const NEXT: Record<State, readonly State[]> = {
  'not-begun': ['in-turn', 'ended'],
  'in-turn': ['in-turn', 'ended', 'set-aside', 'given-up'],
  ended: [],
  'set-aside': [],
  'given-up': [],
}

/** One conversation of the plan while it runs: a state machine over its turns. Its gates end with it. */
export class Conversation {
  readonly number: number
  readonly plan: ConversationPlan
  readonly #gates: Gates
  #state: State = 'not-begun'
  #turn: OpenTurn | undefined
  readonly #turns = new Map<string, OpenTurn>()
  /** The caller's one way to abort the runs of the conversation, until it has aborted one. */
  #caller = new AbortController()

  constructor(number: number, plan: ConversationPlan, gates: Gates) {
    this.number = number
    this.plan = plan
    this.#gates = gates
  }

  /** The turn that runs now, or ran last. */
  get turn(): OpenTurn | undefined {
    return this.#turn
  }

  get standing(): Standing {
    return this.#gates.standingOf(this.number)
  }

  /** Whether nothing came of the conversation within its bound. What it still says is not recorded. */
  get isGivenUp(): boolean {
    return this.#state === 'given-up'
  }

  /** Begins turn `number` of the plan, and returns it. */
  beginTurn(number: number, team: readonly AgentSpec[]): OpenTurn {
    const plan = this.plan.turns[number]
    if (plan === undefined) throw new Error(`conversation ${this.number} has no turn ${number}`)
    this.#become('in-turn')
    if (this.#caller.signal.aborted) this.#caller = new AbortController()
    this.#turn = new OpenTurn(this.number, number, plan, team, this.#caller)
    this.#turns.set(this.#turn.run, this.#turn)
    return this.#turn
  }

  /** Ends the conversation, if it has not ended in another way. */
  end(): void {
    if (NEXT[this.#state].length === 0) return
    this.#become('ended')
    this.#gates.end(this.number)
  }

  /** Ends the conversation because its consumer left the run. The run stands still at its gates, so it disturbs nobody. */
  setAside(): void {
    this.#become('set-aside')
    this.#caller = new AbortController()
    this.#gates.setAside(this.number)
  }

  /** Ends a conversation that hangs: asks its run to stop, and opens its gates. */
  giveUp(): void {
    this.#become('given-up')
    this.#turn?.abortRun()
    this.#gates.end(this.number)
    this.#gates.release(this.number)
  }

  /** Returns the turn of a run, which may have ended; undefined if the conversation has begun no such turn. */
  findTurn(run: string): OpenTurn | undefined {
    return this.#turns.get(run)
  }

  /** Notes that a run was stopped or has ended. What it left at its gates waits apart from now on. */
  endRun(run: string): void {
    this.#gates.endRun(this.number, run)
  }

  /** Lets go of all turns, so that the harness keeps nothing alive that the runtime has let go. */
  forgetTurns(): void {
    this.#turn = undefined
    this.#turns.clear()
  }

  #become(state: State): void {
    if (!NEXT[this.#state].includes(state))
      throw new Error(`conversation ${this.number}: ${this.#state} cannot become ${state}`)
    this.#state = state
  }
}

/** Returns the plan's conversations, none of them begun. */
export function openConversations({ conversations }: Plan, gates: Gates): Conversation[] {
  return conversations.map((plan, number) => new Conversation(number, plan, gates))
}

/** Returns the turn that belongs to a run, also if the run has ended. Returns undefined for a run that has not begun. */
export function findTurn(conversations: readonly Conversation[], run: string | null): OpenTurn | undefined {
  return run === null ? undefined : conversations[parseConversation(run) ?? -1]?.findTurn(run)
}
