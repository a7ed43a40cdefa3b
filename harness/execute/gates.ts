/** Where a conversation of a plan stands. `held`: the harness itself keeps it, by a stall or a tool that hangs. */
export type Standing = 'running' | 'at-gate' | 'held' | 'ended'

/** Who comes to a gate: a request by its number, a tool call by its name. */
export type Who = number | string

/** The gates of a plan's conversations: each conversation stands at one or more, or runs, or has ended. */
export interface Gates {
  /** Of every conversation, in their order. */
  readonly standing: readonly Standing[]
  standingOf(conversation: number): Standing
  /** How often anything has arrived or ended: while it stands still, nothing has moved. */
  readonly moves: number
  /** A conversation has come to a gate: settles when that is opened. Undefined: it has ended, and passes freely. */
  arrive(conversation: number, who: Who): Promise<void> | undefined
  /** `who` is kept by the harness until it leaves. */
  hold(conversation: number, who: Who): void
  /** `who` has gone away: the gate at which it stands is none any more. */
  leave(conversation: number, who: Who): void
  /** Opens the gate at which the conversation that came first stands. */
  open(conversation: number): void
  /** The conversation is over for the plan: what it still sends passes every gate, what stands at one stays there. */
  end(conversation: number): void
  /** The conversation is over for the plan, and all that it still sends stands at its gates until they are released. */
  setAside(conversation: number): void
  /** Opens every gate of an ended conversation, for what stands there and for what is still to come. */
  release(conversation: number): void
}

/**
 * Parallel requests or tool results of one conversation come to gates at once; they are opened one at a time, in the
 * order in which they came.
 */
export function openGates(conversations: number): Gates {
  const lines = Array.from({ length: conversations }, () => ({
    waiting: [] as { who: Who; pass: () => void }[],
    held: new Set<Who>(),
    ended: false,
    /** Whatever comes passes. */
    free: false,
  }))
  let moves = 0
  const standingOf = (conversation: number): Standing => {
    const line = lines[conversation]
    if (line === undefined || line.ended) return 'ended'
    if (line.waiting.length > 0) return 'at-gate'
    return line.held.size > 0 ? 'held' : 'running'
  }
  return {
    get standing() {
      return lines.map((_, conversation) => standingOf(conversation))
    },
    standingOf,
    get moves() {
      return moves
    },
    arrive(conversation, who) {
      const line = lines[conversation]
      if (line === undefined || line.free) return undefined
      moves++
      return new Promise((pass) => line.waiting.push({ who, pass }))
    },
    hold(conversation, who) {
      moves++
      lines[conversation]?.held.add(who)
    },
    leave(conversation, who) {
      const line = lines[conversation]
      if (line === undefined) return
      moves++
      line.held.delete(who)
      const gone = line.waiting.filter((one) => one.who === who)
      line.waiting = line.waiting.filter((one) => one.who !== who)
      for (const { pass } of gone) pass()
    },
    open(conversation) {
      moves++
      lines[conversation]?.waiting.shift()?.pass()
    },
    end(conversation) {
      const line = lines[conversation]
      if (line === undefined || line.ended) return
      moves++
      line.ended = true
      line.free = true
    },
    setAside(conversation) {
      const line = lines[conversation]
      if (line === undefined || line.ended) return
      moves++
      line.ended = true
    },
    release(conversation) {
      const line = lines[conversation]
      if (line !== undefined) line.free = true
      for (const { pass } of lines[conversation]?.waiting.splice(0) ?? []) pass()
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
  const drawn = delivery[step]
  if (drawn === undefined)
    for (const [conversation, stands] of standing.entries()) {
      if (stands !== 'ended' && !skipped.has(conversation)) return conversation
    }
  else {
    const alive = [...standing.keys()].filter((conversation) => standing[conversation] !== 'ended')
    if (alive.length > 0) return alive[drawn % alive.length]
  }
  return undefined
}
