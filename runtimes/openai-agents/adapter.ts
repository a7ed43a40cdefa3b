import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { OpenAIProvider, Runner, setTraceProcessors } from '@openai/agents'
import OpenAI from 'openai'
import type { Run, RunRequest, Runtime, Team, World } from '../../harness/contract/runtime.ts'
import { buildAgents, type TeamAgent } from './agents.ts'
import { hooks, reportHooks } from './hooks.ts'
import { listSessions, type Memory, openMemory } from './memory.ts'
import { startRun } from './run.ts'
import { createTraceProcessor } from './traces.ts'

const manifest = findPackageJSON('@openai/agents', import.meta.url) as string
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }

/** `@openai/agents`, driven through its `Runner`. */
export const runtime: Runtime = {
  name: 'openai-agents',
  version,
  supports: new Set([
    ...(['stream', 'tools', 'parallel-tools', 'agent-tool', 'spans', 'content'] as const),
    ...(['handoff', 'retries', 'settings', 'items', 'signal', 'unstored-session', 'limit'] as const),
    ...(['before_run', 'after_run'] as const),
    ...listSessions(version),
    ...(['same-context', 'new-context-per-pull', 'timeout-per-pull'] as const),
    ...(['handed-over', 'handed-over-midway'] as const),
    ...(['final-only', 'iterate-then-final'] as const),
    ...(['abort', 'return', 'drop'] as const),
    ...(speaksWebSocket() ? (['websocket'] as const) : []),
  ]),
  // The SDK leaves its requests to the `openai` client, whose README says this under "Retries" (7.55.0).
  retries: {
    most: 2,
    docs: 'Certain errors will be automatically retried 2 times by default, with a short exponential backoff. Connection errors (for example, due to a network connectivity problem), 408 Request Timeout, 409 Conflict, 429 Rate Limit, and >=500 Internal errors will all be retried by default.',
  },
  hooks,
  open: async (world) => openTeam(world),
}

/** Returns whether the installed version can ask over a WebSocket. Its provider can then be closed. */
function speaksWebSocket(): boolean {
  return 'close' in OpenAIProvider.prototype
}

function openTeam(world: World): Team {
  const closing = new AbortController()
  const closed = { ...world, tool: endToolsWith(closing.signal, world) }
  const client = new OpenAI({
    baseURL: world.baseURL,
    apiKey: world.apiKey,
    fetch: endRequestsWith(closing.signal, world),
  })
  setTraceProcessors([createTraceProcessor(world.probe)])
  const provider = new OpenAIProvider({
    openAIClient: client,
    useResponses: true,
    ...(world.websocket ? { useResponsesWebSocket: true } : {}),
  })
  const runner = new Runner({
    modelProvider: provider,
    tracingDisabled: world.telemetry.mode.start === 'off',
    traceIncludeSensitiveData: world.telemetry.mode.start === 'sensitive',
  })
  reportHooks(runner, world.probe)
  const agents = new Map<boolean, Agents>()
  const holders = new Map<number, string>()
  const memories = new Map<number, Memory>()
  const running = new Set<Promise<unknown>>()
  return {
    start(request) {
      const { conversation } = request
      const agent = findStartAgent(findOrBuildAgents(agents, closed, request), holders.get(conversation))
      const memory = findOrOpenMemory(memories, client, request)
      const run = startRun(runner, agent, memory, request, (last) => holders.set(conversation, last))
      trackRun(running, run)
      return run
    },
    async close() {
      closing.abort()
      await Promise.all(running)
      if (speaksWebSocket()) await provider.close()
    },
  }
}

/**
 * Returns a fetch whose requests also end when `closing` aborts. So `close()` ends runs that were dropped, and the SDK still gets the
 * signal of the caller itself, on which it may leave listeners.
 */
function endRequestsWith(closing: AbortSignal, world: World): typeof fetch {
  // Without a given one, the global function is looked up at each call, because interception replaces it.
  return (input, init) =>
    (world.fetch ?? fetch)(input, { ...init, signal: anyOf(init?.signal ?? undefined, closing) })
}

/** The same for tools that wait until their run is aborted. */
function endToolsWith(closing: AbortSignal, world: World): World['tool'] {
  return (call) => world.tool({ ...call, signal: anyOf(call.signal, closing) })
}

function anyOf(given: AbortSignal | undefined, closing: AbortSignal): AbortSignal {
  return given === undefined ? closing : AbortSignal.any([given, closing])
}

type Agents = ReadonlyMap<string, TeamAgent>

/** Returns the agents for a request. `store` is a setting of an agent, so there is one team for each value of it. */
function findOrBuildAgents(teams: Map<boolean, Agents>, world: World, { store, target }: RunRequest): Agents {
  const kept = target === 'same' ? teams.get(store) : undefined
  const agents = kept ?? buildAgents(world, store)
  teams.set(store, agents)
  return agents
}

/** Returns the agent to start with: the `lastAgent` of the last completed run, as the SDK's guide to handoffs says. */
function findStartAgent(agents: Agents, holder: string | undefined): TeamAgent {
  const [first] = agents.values()
  const agent = holder === undefined ? first : agents.get(holder)
  if (agent === undefined) throw new Error('the team has no agents')
  return agent
}

function findOrOpenMemory(
  memories: Map<number, Memory>,
  client: OpenAI,
  { conversation, session }: RunRequest,
): Memory {
  const memory = memories.get(conversation) ?? openMemory(session, client)
  memories.set(conversation, memory)
  return memory
}

/** Adds a run to the running ones, and removes it when it has settled. */
function trackRun(running: Set<Promise<unknown>>, run: Run): void {
  const settled = run.outcome()
  running.add(settled)
  void settled.then(() => running.delete(settled))
}
