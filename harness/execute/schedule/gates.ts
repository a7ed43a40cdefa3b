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
 *
 * What a run leaves behind after it was stopped or has ended waits apart. The schedule does not open those gates, so only
 * the runtime can end what it left behind. A tool that ignores its signal is no fault of the runtime: it stays at its gate, which the
 * schedule opens, also when the conversation has ended.
 */
export interface Gates {
  /** Where each conversation stands, by its number. */
  readonly standing: readonly Standing[]
  standingOf(conversation: number): Standing
  /** Whether only tool calls wait at the gate whose run is over, so that the next run may be on its way to it. */
  hasOnlyOutliving(conversation: number): boolean
  /** Counts arrivals, departures, openings and ends. While the count stands still, nothing has moved. */
  readonly moves: number
  /**
   * Waits at a gate of the conversation. Resolves when the gate is opened; undefined when nothing needs to wait. `outlives`: it waits
   * at the same gate when its run is over.
   */
  arrive(
    conversation: number,
    who: Who,
    run?: string | null,
    outlives?: 'outlives',
  ): Promise<void> | undefined
  /** Marks the conversation as held by `who`, until `who` leaves or its run is over. */
  hold(conversation: number, who: Who, run?: string | null): void
  /** Removes `who` from the gate where it waits, and ends its hold. */
  leave(conversation: number, who: Who): void
  /** Opens the conversation's gate for the request or tool call that came first. */
  open(conversation: number): void
  /** Notes that a run was stopped or has ended. What it still waits for, and what it sends later, is left behind. */
  endRun(conversation: number, run: string): void
  /** Opens one gate of what ended runs left behind. Returns its conversation; undefined if nothing waits there. */
  openLeftBehind(): number | undefined
  /** Ends the conversation. What it sends later passes every gate; what waits at a gate or was left behind stays there. */
  end(conversation: number): void
  /** Ends the conversation, but keeps all that it sends later at its gates, until they are released. */
  setAside(conversation: number): void
  /** Opens every gate of an ended conversation, also for what comes later. Returns whether anything waited there. */
  release(conversation: number): boolean
}

interface Waiting {
  who: Who
  pass: () => void
  run: string | null
  /** Whether it stays where it waits when its run is over. */
  outlives: boolean
}

interface Line {
  waiting: Waiting[]
  /** What ended runs left at their gates. */
  leftBehind: Waiting[]
  held: Map<Who, string | null>
  /** The runs that were stopped or have ended. */
  over: Set<string>
  /** `set-aside`: its gates stay shut until they are released. */
  ended: 'no' | 'ended' | 'set-aside'
  /** Whether arrivals pass without waiting. `running`: only those of runs that are not over. */
  free: 'no' | 'running' | 'all'
}

/**
 * Returns the gates for so many conversations. Parallel requests and tool results of one conversation wait side by side;
 * `open` lets one through at a time, in the order of arrival.
 */
export function openGates(conversations: number): Gates {
  const lines = Array.from(
    { length: conversations },
    (): Line => ({
      waiting: [],
      leftBehind: [],
      held: new Map(),
      over: new Set(),
      ended: 'no',
      free: 'no',
    }),
  )
  let moves = 0
  const standingOf = (conversation: number): Standing => {
    const line = lines[conversation]
    if (line === undefined || line.ended === 'set-aside') return 'ended'
    if (line.ended === 'ended') return line.waiting.some(({ outlives }) => outlives) ? 'at-gate' : 'ended'
    if (line.waiting.length > 0) return 'at-gate'
    return line.held.size > 0 ? 'held' : 'running'
  }
  return {
    get standing() {
      return lines.map((_, conversation) => standingOf(conversation))
    },
    standingOf,
    hasOnlyOutliving(conversation) {
      const line = lines[conversation]
      return line?.waiting.every(({ run }) => run !== null && line.over.has(run)) ?? false
    },
    get moves() {
      return moves
    },
    arrive(conversation, who, run = null, outlives = undefined) {
      const line = lines[conversation]
      if (line === undefined || line.free === 'all') return undefined
      const isOver = run !== null && line.over.has(run)
      if (line.free === 'running' && !isOver) return undefined
      moves++
      return new Promise((pass) =>
        (isOver ? line.leftBehind : line.waiting).push({ who, pass, run, outlives: outlives !== undefined }),
      )
    },
    hold(conversation, who, run = null) {
      const line = lines[conversation]
      if (line === undefined || (run !== null && line.over.has(run))) return
      moves++
      line.held.set(who, run)
    },
    leave(conversation, who) {
      const line = lines[conversation]
      if (line === undefined) return
      moves++
      line.held.delete(who)
      const gone = [...line.waiting, ...line.leftBehind].filter((one) => one.who === who)
      line.waiting = line.waiting.filter((one) => one.who !== who)
      line.leftBehind = line.leftBehind.filter((one) => one.who !== who)
      for (const { pass } of gone) pass()
    },
    open(conversation) {
      moves++
      lines[conversation]?.waiting.shift()?.pass()
    },
    endRun(conversation, run) {
      const line = lines[conversation]
      if (line === undefined || line.over.has(run)) return
      line.over.add(run)
      for (const [who, holder] of line.held) if (holder === run) line.held.delete(who)
      const isLeft = (one: Waiting) => one.run === run && !one.outlives
      line.leftBehind.push(...line.waiting.filter(isLeft))
      line.waiting = line.waiting.filter((one) => !isLeft(one))
    },
    openLeftBehind() {
      for (const [conversation, { leftBehind }] of lines.entries()) {
        const first = leftBehind.shift()
        if (first === undefined) continue
        moves++
        first.pass()
        return conversation
      }
      return undefined
    },
    end(conversation) {
      const line = lines[conversation]
      if (line === undefined || line.ended !== 'no') return
      moves++
      line.ended = 'ended'
      line.free = 'running'
    },
    setAside(conversation) {
      const line = lines[conversation]
      if (line === undefined || line.ended !== 'no') return
      moves++
      line.ended = 'set-aside'
    },
    release(conversation) {
      const line = lines[conversation]
      if (line === undefined) return false
      line.free = 'all'
      const waiting = [...line.waiting.splice(0), ...line.leftBehind.splice(0)]
      for (const { pass } of waiting) pass()
      return waiting.length > 0
    },
  }
}
