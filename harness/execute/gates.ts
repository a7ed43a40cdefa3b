/** Where a conversation of a plan stands. */
export type Standing = 'running' | 'at-gate' | 'ended'

/** The gates of a plan's conversations: each conversation stands at one or more, or runs, or has ended. */
export interface Gates {
  /** Of every conversation, in their order. */
  readonly standing: readonly Standing[]
  standingOf(conversation: number): Standing
  /** How often anything has arrived or ended: while it stands still, nothing has moved. */
  readonly moves: number
  /** A conversation has come to a gate with `who` (a request, a tool call): settles when that is opened. */
  arrive(conversation: number, who: number | string): Promise<void>
  /** `who` has gone away: the gate at which it stands is none any more. */
  leave(conversation: number, who: number | string): void
  /** Opens the gate at which the conversation that came first stands. */
  open(conversation: number): void
  end(conversation: number): void
}

/**
 * Parallel requests or tool results of one conversation come to gates at once; they are opened one at a time, in the
 * order in which they came.
 */
export function openGates(conversations: number): Gates {
  const waiting: { who: number | string; pass: () => void }[][] = Array.from(
    { length: conversations },
    () => [],
  )
  const ended = new Set<number>()
  let moves = 0
  const standingOf = (conversation: number): Standing => {
    if (ended.has(conversation)) return 'ended'
    return (waiting[conversation] ?? []).length > 0 ? 'at-gate' : 'running'
  }
  return {
    get standing() {
      return waiting.map((_, conversation) => standingOf(conversation))
    },
    standingOf,
    get moves() {
      return moves
    },
    arrive(conversation, who) {
      moves++
      return new Promise((pass) => waiting[conversation]?.push({ who, pass }))
    },
    leave(conversation, who) {
      const queue = waiting[conversation] ?? []
      const gone = queue.filter((one) => one.who === who)
      if (gone.length === 0) return
      moves++
      waiting[conversation] = queue.filter((one) => one.who !== who)
      for (const { pass } of gone) pass()
    },
    open(conversation) {
      moves++
      waiting[conversation]?.shift()?.pass()
    },
    end(conversation) {
      moves++
      ended.add(conversation)
    },
  }
}

/**
 * Whose gate is opened in a step: the next number of `delivery`, modulo the conversations that have not ended, in their
 * order; past its end the lowest. `skipped` holds those for which waiting has proved vain since a gate was last opened:
 * past the end of `delivery` they are passed over. Undefined: nobody is left.
 */
export function nextConversation(
  standing: readonly Standing[],
  delivery: readonly number[],
  step: number,
  skipped: ReadonlySet<number>,
): number | undefined {
  const alive = [...standing.keys()].filter((conversation) => standing[conversation] !== 'ended')
  const drawn = delivery[step]
  if (drawn !== undefined && alive.length > 0) return alive[drawn % alive.length]
  return alive.find((conversation) => !skipped.has(conversation))
}
