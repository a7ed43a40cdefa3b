import { Agent, type RunContext, type Tool, tool } from '@openai/agents'
import type { World } from '../../harness/contract/runtime.ts'
import type { AgentSpec, ToolSpec } from '../../harness/plan/types.ts'
import type { Json } from '../../mocks/json.ts'

const MODEL = 'gpt-5.1'

/** The SDK context of each run, from which tools and hooks read the run's id. */
export interface RunMark {
  run: string
  signal: AbortSignal
  /** Set at `agent_end`, when the run has its final output. */
  ended: boolean
}

export type TeamAgent = Agent<RunMark>

/** Returns the agents of the team by name, in the order of the team, with their tools and handoffs. */
export function buildAgents(world: World, store: boolean): ReadonlyMap<string, TeamAgent> {
  const agents = new Map(world.team.map((spec) => [spec.name, buildAgent(spec, store)]))
  for (const spec of world.team) {
    const agent = agents.get(spec.name)
    for (const each of spec.tools) agent?.tools.push(buildTool(world, agents, spec, each))
    for (const to of spec.handoffs) agent?.handoffs.push(agents.get(to) as TeamAgent)
  }
  return agents
}

function buildAgent({ name, instructions, settings }: AgentSpec, store: boolean): TeamAgent {
  // If the service stores nothing, the client must send reasoning back, which only works in encrypted form.
  const include = store ? {} : { include: ['reasoning.encrypted_content'] }
  return new Agent<RunMark>({
    name,
    instructions,
    model: MODEL,
    modelSettings: { store, providerData: { ...include, ...settings } },
    tools: [],
  })
}

function buildTool(
  world: World,
  agents: ReadonlyMap<string, TeamAgent>,
  owner: AgentSpec,
  spec: ToolSpec,
): Tool<RunMark> {
  const [act] = spec.does
  const nested = act?.kind === 'agent' ? agents.get(act.agent) : undefined
  return nested === undefined ? buildFunctionTool(world, owner, spec) : buildAgentTool(nested, spec)
}

function buildAgentTool(nested: TeamAgent, { name, description, parameters }: ToolSpec): Tool<RunMark> {
  return nested.asTool({
    toolName: name,
    toolDescription: description ?? '',
    parameters: parameters as never,
  })
}

function buildFunctionTool(world: World, owner: AgentSpec, spec: ToolSpec): Tool<RunMark> {
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
