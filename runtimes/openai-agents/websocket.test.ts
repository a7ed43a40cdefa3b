import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { History, HistoryEvent } from '../../harness/contract/events.ts'
import { execute } from '../../harness/execute/execute.ts'
import { writeDigestText } from '../../harness/history/digest.ts'
import { invariants } from '../../harness/invariants/index.ts'
import { readCounterexample } from '../../harness/known/counterexample.ts'
import { arbitraryMixedPlans } from '../../harness/plan/arbitraries/everything.ts'
import type { Plan } from '../../harness/plan/types.ts'
import type { Answer } from '../../mocks/service/types.ts'
import { runtime } from './adapter.ts'

// Under any other value @openai/agents switches its tracing off without a word.
vi.stubEnv('NODE_ENV', 'production')

/**
 * Returns whether a plan leads to the same requests over both. The service answers every request over a WebSocket with a stream,
 * and the SDK repeats requests over HTTP only.
 */
function hasSameRequests({ team, conversations, mode }: Plan): boolean {
  const turns = conversations.flatMap((conversation) => conversation.turns)
  const tools = team.flatMap((agent) => agent.tools)
  return (
    // All conversations of an SDK's model share one connection, on which it sends one request at a time.
    conversations.length === 1 &&
    mode.sabotage === undefined &&
    tools.every(({ does }) => does.every(({ kind }) => kind !== 'agent')) &&
    turns.every(({ stream, stop, answers }) => stream && stop === undefined && answers.every(isWhole))
  )
}

/**
 * Returns the requests and the outcomes of a history. Over a WebSocket the SDK hands on some updates a little earlier or later, so
 * the order of those may differ. The errors are left out, because the SDK loses those of the service over a WebSocket (see below).
 */
function writeExchanges(history: History): string {
  const told = ['request', 'request.refused', 'response.end', 'tool.end', 'run.end']
  const events = history.filter(({ kind }) => told.includes(kind))
  return writeDigestText(events.map((event) => (event.kind === 'run.end' ? dropError(event) : event)))
}

function dropError(ended: Extract<HistoryEvent, { kind: 'run.end' }>): HistoryEvent {
  const { error: _, ...outcome } = ended.outcome
  return { ...ended, outcome }
}

function isWhole({ faults = [] }: Answer): boolean {
  return faults.length === 0
}

describe('@openai/agents over a WebSocket', () => {
  it('has the requests, tool results and outcomes that it has over HTTP', async () => {
    let sockets = 0
    await fc.assert(
      fc.asyncProperty(arbitraryMixedPlans(runtime.supports).filter(hasSameRequests), async (plan) => {
        const overHttp = await execute(runtime, plan, { transport: 'http' })
        const overSocket = await execute(runtime, plan, { transport: 'websocket' })
        sockets += overSocket.filter(({ kind }) => kind === 'request').length
        expect(writeExchanges(overSocket)).toBe(writeExchanges(overHttp))
      }),
      { numRuns: 3, endOnFailure: true },
    )
    expect(sockets).toBeGreaterThan(0)
  }, 120_000)

  it('loses the error of the service, which it keeps over HTTP', async () => {
    const file = new URL('known/error-event-lost-over-websocket.json', import.meta.url)
    const { plan } = readCounterexample(readFileSync(file, 'utf8'), 'plan.json')
    const rule = invariants.find(({ id }) => id === 'original-error-kept')
    const findCauses = async (transport: 'http' | 'websocket') =>
      rule?.check(await execute(runtime, plan, { transport }), plan).map(({ cause }) => cause)
    expect(await findCauses('http')).toEqual([])
    expect(await findCauses('websocket')).toEqual(['other error, HTTP error', 'other error, error event'])
  }, 60_000)
})
