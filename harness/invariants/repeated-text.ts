import type { RunRecord } from '../history/runs.ts'

/**
 * Returns the first whole text that a run delivers again after its pieces, as a runtime does that also delivers
 * `response.output_text.done`. Returns undefined if such texts do not explain the whole difference.
 * `texts`: the delivered texts. `possible`: what the run may deliver. `passes`: whether it may deliver a text in place of one
 * of these.
 */
export function findTextDeliveredAgain(
  story: RunRecord,
  texts: readonly string[],
  possible: Iterable<string>,
  passes: (said: string, delivered: string) => boolean,
): string | undefined {
  const whole = listWholeTexts(story)
  for (const said of possible) {
    // From how much of `said` is delivered to the first text that was delivered again. Two equal answers allow several readings.
    let readings = new Map<number, string | undefined>([[0, undefined]])
    for (const text of texts) {
      const next = new Map<number, string | undefined>()
      for (const [length, again] of readings) {
        if (said.startsWith(text, length)) next.set(length + text.length, again)
        if (whole.has(text) && said.endsWith(text, length) && !next.has(length))
          next.set(length, again ?? text)
      }
      readings = next
    }
    for (const [length, again] of readings)
      if (again !== undefined && passes(said, said.slice(0, length))) return again
  }
  return undefined
}

/** Returns the texts and refusals that the service has sent completely, in pieces. */
function listWholeTexts({ requests }: RunRecord): Set<string> {
  const whole = new Set<string>()
  for (const { sent } of requests) {
    let pieces = ''
    for (const { event } of sent) {
      pieces += event.delta ?? ''
      if (event.type !== 'response.output_text.done' && event.type !== 'response.refusal.done') continue
      whole.add(pieces)
      pieces = ''
    }
  }
  return whole
}
