import { tmpdir } from 'node:os'
import { filterEvents } from '../harness/contract/events.ts'
import type { Runtime } from '../harness/contract/runtime.ts'
import { findCacheFolder } from '../harness/environments/cache.ts'
import { prepareEnvironment } from '../harness/environments/prepare.ts'
import { execute } from '../harness/execute/execute.ts'
import type { Plan } from '../harness/plan/types.ts'
import { startRemote } from '../harness/remote/remote-runtime.ts'
import type { Subject } from '../harness/vitest/settings.ts'
import { type Contestant, measureContestants } from './rounds.ts'

/** Runs of two requests per second, on a runtime in another process and on a runtime in this process. */
export interface RemoteBench {
  runtime: string
  remote: Rates
  /** The rates of the runtime in this process, for the same plans over http. */
  here: Rates
}

export interface Rates {
  streamed: number
  whole: number
}

/** Returns the median rates of the rounds, or the reason why the runtime cannot run here. */
export async function benchRemote(
  subject: Subject,
  here: Runtime,
  { rounds, plans }: { rounds: number; plans: number },
): Promise<RemoteBench | string> {
  const ready = await prepareEnvironment(subject, findCacheFolder())
  if (ready.driver === undefined) return ready.unavailable?.reason ?? `${subject.name} has no driver`
  const { driver } = ready
  const runtime = await startRemote(subject.name, { ...driver, env: { ...driver.env, HOME: tmpdir() } })
  const contestants = [
    { name: 'remote streamed', on: runtime, stream: true },
    { name: 'remote whole', on: runtime, stream: false },
    { name: 'here streamed', on: here, stream: true },
    { name: 'here whole', on: here, stream: false },
  ].map(
    ({ name, on, stream }): Contestant => ({
      name,
      open: async () => ({ run: () => runToCompletion(on, buildPlan(stream)), close: async () => {} }),
    }),
  )
  try {
    const measured = await measureContestants(contestants, { rounds, jobs: plans, atOnce: 1 })
    const rate = (name: string) => CONVERSATIONS * (measured.find((one) => one.name === name)?.perSecond ?? 0)
    const rates = (where: string): Rates => ({
      streamed: rate(`${where} streamed`),
      whole: rate(`${where} whole`),
    })
    return { runtime: `${subject.name} ${runtime.version}`, remote: rates('remote'), here: rates('here') }
  } finally {
    runtime.end()
  }
}

/** Runs a plan. Throws if a run does not complete. */
async function runToCompletion(runtime: Runtime, plan: Plan): Promise<void> {
  const ends = filterEvents(await execute(runtime, plan, { transport: 'http' }), 'run.end')
  const failed = ends.find(({ outcome }) => outcome.status !== 'completed')
  if (failed) throw new Error(`run ${failed.run} ended ${failed.outcome.status}, expected completed`)
}

/** Conversations of a plan, each with one run. */
const CONVERSATIONS = 3

/** Returns a plan of three overlapping conversations. Each has one run of two requests: a tool call, then its result. */
function buildPlan(stream: boolean): Plan {
  return {
    schema: 1,
    seed: 'bench',
    team: [
      {
        name: 'agent',
        instructions: 'canary-agent.0-00000000 You know the weather.',
        tools: [
          {
            name: 'get_weather',
            parameters: {
              type: 'object',
              properties: { city: { type: 'string' } },
              required: ['city'],
              additionalProperties: false,
            },
            does: [{ kind: 'return', value: 'sun' }],
          },
        ],
        handoffs: [],
      },
    ],
    conversations: Array.from({ length: CONVERSATIONS }, (_, conversation) => ({
      session: 'history',
      store: true,
      turns: [
        {
          say: `canary-${conversation}.0.0-0000000${conversation} What is the weather?`,
          stream,
          answers: [
            { items: [{ type: 'call', tool: 'get_weather', args: { city: 'Oslo' } }] },
            { items: [{ type: 'text', text: `canary-${conversation}.0.1-1000000${conversation} Sun.` }] },
          ],
          target: 'same',
          pull: 'same-context',
        },
      ],
    })),
    delivery: [0, 1, 2, 0, 1, 2, 1, 1, 0, 2],
    mode: { start: 'on' },
  }
}
