import { refuseResume } from '../../request-rules/resume.ts'
import type { Refusal } from '../../request-rules/rule.ts'
import { advanceRun, type BackgroundRun } from '../background.ts'
import { responsesDialect } from '../dialect.ts'
import type { Exchange } from '../exchange.ts'
import type { Sent } from '../faults/stream.ts'
import type { Machine } from '../machine.ts'
import type { StoredResponse } from '../store.ts'
import { openStream } from '../streaming.ts'

/**
 * `GET /responses/{id}?stream=true&starting_after=N`: sends the same events with the same numbers from N+1 to the end
 * (SERVICE-FACTS 7). The run advances as the events are sent.
 */
export async function resumeStream(
  stored: StoredResponse,
  exchange: Exchange,
  machine: Machine,
): Promise<Response> {
  const after = exchange.incoming.url.searchParams.get('starting_after')
  const run = findResumableRun(stored, after, machine)
  if ('rule' in run) return exchange.refuse(run)
  const from =
    after === null ? 0 : run.events.findIndex(({ sequence_number }) => sequence_number > Number(after))
  const rest = from < 0 ? [] : run.events.slice(from)
  const sent: Sent[] = [...rest.map((event) => ({ event })), 'end']
  const fate = {
    event: ({ sequence_number }: (typeof rest)[number]) => advanceRun(run, sequence_number + 1),
    cut() {},
  }
  return openStream(
    sent,
    fate,
    { wire: run.wire, dialect: responsesDialect, exchange, machine },
    stored.response.id,
    run,
  )
}

/** Returns the run whose events can be streamed from there, or the refusal. */
function findResumableRun(
  { run, created }: StoredResponse,
  after: string | null,
  { facts, now }: Machine,
): BackgroundRun | Refusal {
  const lastSequenceNumber = run?.events.at(-1)?.sequence_number ?? 0
  const refusal = refuseResume({
    run: run && { streamed: run.streamed, lastSequenceNumber },
    age: now() - created,
    after,
    options: facts,
  })
  return refusal ?? (run as BackgroundRun)
}
