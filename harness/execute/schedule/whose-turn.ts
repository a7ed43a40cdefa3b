/**
 * The conversation that is being started, or whose gate was opened last. What happens until the next one gets its turn
 * counts as caused by it. Null when no conversation has the turn.
 */
export class WhoseTurn {
  #conversation: number | null = null

  get conversation(): number | null {
    return this.#conversation
  }

  giveTo(conversation: number | null): void {
    this.#conversation = conversation
  }
}
