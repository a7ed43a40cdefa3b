import { Agent, type RunContext, type Tool, tool } from '@openai/agents'
import type { AgentSpec, ToolSpec } from '../../harness/plan/types.ts'
import type { World } from '../../harness/runtime.ts'
import type { Json } from '../../mocks/json.ts'

const MODEL = 'gpt-5.1'

/** What each run carries through the SDK, so that tools and hooks can tell whose they are. */
export interface RunMark {
  run: string
  signal: AbortSignal
  /** Set by `agent_end`: the run has its final output. */
  ended: boolean
}

/** The agent that begins every run; the others are reached through it. */
export type FirstAgent = Agent<RunMark>

/** The agents of the team, each with its tools; gives the first. */
export function firstAgentOf(world: World, store: boolean): FirstAgent {
  const agents = new Map(world.team.map((spec) => [spec.name, agentOf(spec, store)]))
  for (const spec of world.team)
    for (const each of spec.tools) agents.get(spec.name)?.tools.push(toolOf(world, agents, spec, each))
  const [first] = agents.values()
  if (first === undefined) throw new Error('a team has an agent, found none')
  return first
}

function agentOf({ name, instructions, settings }: AgentSpec, store: boolean): FirstAgent {
  // Without the service's memory, reasoning can only be carried encrypted.
  const include = store ? {} : { include: ['reasoning.encrypted_content'] }
  return new Agent<RunMark>({
    name,
    instructions,
    model: MODEL,
    modelSettings: { store, providerData: { ...include, ...settings } },
    tools: [],
  })
}

function toolOf(
  world: World,
  agents: ReadonlyMap<string, FirstAgent>,
  owner: AgentSpec,
  spec: ToolSpec,
): Tool<RunMark> {
  const [act] = spec.does
  const nested = act?.kind === 'agent' ? agents.get(act.agent) : undefined
  return nested === undefined ? functionToolOf(world, owner, spec) : agentToolOf(nested, spec)
}

function agentToolOf(nested: FirstAgent, { name, description, parameters }: ToolSpec): Tool<RunMark> {
  return nested.asTool({
    toolName: name,
    toolDescription: description ?? '',
    parameters: parameters as never,
  })
}

function functionToolOf(world: World, owner: AgentSpec, spec: ToolSpec): Tool<RunMark> {
  return tool({
    name: spec.name,
    description: spec.description ?? '',
    parameters: spec.parameters as never,
    strict: false,
    execute: async (args, context, details) => {
      const { run, signal } = (context as RunContext<RunMark>).context
      const id = details?.toolCall?.callId
      const value = await world.tool({
        run,
        name: spec.name,
        agent: owner.name,
        args: args as Json,
        signal: details?.signal ?? signal,
        ...(id === undefined ? {} : { id }),
      })
      return typeof value === 'string' ? value : JSON.stringify(value)
    },
  })
}
