import * as otel from '@opentelemetry/api'
import OpenAI from 'openai'
import type { Runtime, Team, World } from '../../harness/contract/runtime.ts'
import type { HookedAgent } from './agent-hooks.ts'
import type { DrivenRun } from './driven-run.ts'
import { type Parts, soundParts } from './parts.ts'
import { ReportedHooks, ReportedSteps } from './reported-steps.ts'
import { createRunStarter } from './run-starter.ts'
import { buildAgents } from './team-agents.ts'
import { AgentTelemetry } from './telemetry/agent-telemetry.ts'

/** The runtime that this project ships. */
export const runtime: Runtime = { ...runtimeOf(), deterministic: true }

/**
 * Returns the runtime with some of its parts replaced. `parts` is called once for each team, so teams share no state of a
 * replaced part.
 */
export function runtimeOf(parts: () => Partial<Parts> = () => ({})): Runtime {
  return {
    name: 'reference',
    version: '0.1.0',
    supports: new Set([
      ...(['stream', 'tools', 'parallel-tools', 'agent-tool', 'handoff', 'flow'] as const),
      ...(['spans', 'semconv', 'content', 'toggle', 'step-hooks', 'retries', 'settings', 'items'] as const),
      ...([
        'call-errors',
        'signal',
        'unstored-session',
        'limit',
        'added-instructions',
        'two-cleanups',
      ] as const),
      ...(['before_run', 'after_run', 'transform', 'result', 'cleanup'] as const),
      ...(['history', 'previous-response', 'conversation-object', 'runtime-default'] as const),
      ...(['same-context', 'new-context-per-pull', 'timeout-per-pull'] as const),
      ...(['handed-over', 'handed-over-midway'] as const),
      ...(['final-only', 'iterate-then-final'] as const),
      ...(['abort', 'return', 'drop'] as const),
    ]),
    retries: {
      most: 2,
      docs: 'The client repeats a request twice after a refused connection or an HTTP error 408, 409, 429 or 5xx.',
    },
    hooks: {
      'ContextProvider.beforeRun': {
        means: 'before_run',
        docs: 'Called once, before the first request of a run.',
      },
      'ContextProvider.afterRun': {
        means: 'after_run',
        docs: "Called once, after all other hooks of the run, when the model's last answer is complete or incomplete. Never called for a run that failed or was stopped.",
        afterIncomplete: true,
      },
      'ResponseStream.withTransformHook': {
        means: 'transform',
        docs: 'Called with each update, in the order of registration. Returns the update to deliver. If it throws, the stream fails.',
      },
      'ResponseStream.withResultHook': {
        means: 'result',
        docs: 'Called once, with the final response, on success only. Returns the response to deliver. If it throws, the stream fails.',
      },
      'ResponseStream.withCleanupHook': {
        means: 'cleanup',
        docs: 'Called once, after the result hooks, with the ending of the stream: success, failure, early return or abort. If it throws, a successful stream fails; any other ending stays as it is.',
      },
    },
    open: async (world) => openTeam(world, { ...soundParts, ...parts() }),
  }
}

function openTeam(world: World, parts: Parts): Team {
  const client = new OpenAI({
    baseURL: world.baseURL,
    apiKey: world.apiKey,
    logLevel: 'off',
    ...(world.fetch ? { fetch: world.fetch } : {}),
  })
  const telemetry = new AgentTelemetry({
    tracerProvider: world.telemetry.install(otel),
    mode: world.telemetry.mode.start,
  })
  const steps = new ReportedSteps(telemetry, { parts: parts.steps }, world.probe)
  const hooksFor = (agent: HookedAgent) => new ReportedHooks(agent, world.probe)
  const sessions = { agents: new Map(), workflows: new Map() }
  const build = () => {
    const agents = buildAgents(world, { client, telemetry, parts, hooksFor })
    for (const agent of agents.values()) steps.instrument(agent)
    return createRunStarter(world, agents, sessions)
  }
  let converse = build()
  const running = new Set<DrivenRun>()
  return {
    setMode: (to) => {
      telemetry.mode = to
    },
    start(request) {
      if (request.target === 'fresh-workflow') converse = build()
      const begun = converse(request)
      running.add(begun)
      begun.onEnd(() => running.delete(begun))
      return begun.run
    },
    async close() {
      await parts.closeTeam(() => Promise.all([...running].map((run) => run.cancel())))
    },
  }
}
