/**
 * Where a conversation stands. `running`: the runtime works on it. `at-gate`: it waits until the schedule opens its gate.
 * `held`: a stall or a hanging tool of the plan keeps it. `ended`: the plan has nothing more for it.
 */
export type Standing = 'running' | 'at-gate' | 'held' | 'ended'

/** What waits at a gate: a request, by its number, or a tool call, by its name. */
export type Who = number | string

/**
 * The gates of a plan's conversations. Requests and tool calls wait at them, so that the schedule decides their order.
 * A gate of a new kind (for example at the start of a turn) is one more caller of `arrive`.
 */
export interface Gates {
  /** Where each conversation stands, by its number. */
  readonly standing: readonly Standing[]
  standingOf(conversation: number): Standing
  /** Counts arrivals, departures, openings and ends. While the count stands still, nothing has moved. */
  readonly moves: number
  /** Waits at a gate of the conversation. Resolves when the gate is opened; undefined when nothing needs to wait. */
  arrive(conversation: number, who: Who): Promise<void> | undefined
  /** Marks the conversation as held by `who`, until `who` leaves. */
  hold(conversation: number, who: Who): void
  /** Removes `who` from the gate where it waits, and ends its hold. */
  leave(conversation: number, who: Who): void
  /** Opens the conversation's gate for the request or tool call that came first. */
  open(conversation: number): void
  /** Ends the conversation. What it sends later passes every gate; what waits at a gate stays there. */
  end(conversation: number): void
  /** Ends the conversation, but keeps all that it sends later at its gates, until they are released. */
  setAside(conversation: number): void
  /** Opens every gate of an ended conversation, also for what comes later. */
  release(conversation: number): void
}

/**
 * Returns the gates for so many conversations. Parallel requests and tool results of one conversation wait side by side;
 * `open` lets one through at a time, in the order of arrival.
 */
export function openGates(conversations: number): Gates {
  const lines = Array.from({ length: conversations }, () => ({
    waiting: [] as { who: Who; pass: () => void }[],
    held: new Set<Who>(),
    ended: false,
    /** Whether arrivals pass without waiting. */
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
