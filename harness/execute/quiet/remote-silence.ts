import type { Silence, Team } from '../../contract/runtime.ts'

/** How long nothing must be heard of a process that cannot see all of itself, in milliseconds. */
const UNSURE_MS = 8

/** The longest that a conversation may wait for timers in the other process, in milliseconds of that process. */
const SKIPPED_MS = 60_000

type AskedTeam = Pick<Team, 'advance'> & Required<Pick<Team, 'quiet'>>

/**
 * Asks another process whether anything goes on in it, since nothing of it can be seen from here. Its answer holds until
 * something is sent to it.
 */
export class RemoteSilence {
  /** Resolves when the question that is open is answered; undefined when none is. */
  question: Promise<void> | undefined
  readonly #team: AskedTeam
  readonly #sent: () => number
  #answer: { silence: Silence; sent: number } | undefined
  #skipped = 0

  /** `sent` counts what may have reached the other process from here. */
  constructor(team: AskedTeam, sent: () => number) {
    this.#team = team
    this.#sent = sent
  }

  /** Returns whether the other process is idle. `still`: milliseconds since anything was last recorded of it. */
  isSilent(still: number): boolean {
    const silence = this.#read()
    return silence !== undefined && (silence.sure || still >= UNSURE_MS)
  }

  /**
   * Whether nothing more will come of the other process. If it waits for a timer of its own, this makes that time pass there
   * and returns false.
   */
  isOver(): boolean {
    const silence = this.#read()
    const { next } = silence ?? {}
    if (!silence?.sure || next === undefined) return false
    if (next === null || this.#skipped + next > SKIPPED_MS) return true
    this.#skipped += next
    this.#answer = undefined
    this.#team.advance?.(next)
    return false
  }

  /** Returns what the process has answered since something was last sent to it, and asks if there is no answer. */
  #read(): Silence | undefined {
    const sent = this.#sent()
    if (this.#answer?.sent === sent) return this.#answer.silence
    this.question ??= this.#team.quiet().then((silence) => {
      this.question = undefined
      this.#answer = { silence, sent }
    })
    return undefined
  }
}
