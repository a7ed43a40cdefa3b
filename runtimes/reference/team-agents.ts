import type { RunRequest, World } from '../../harness/contract/runtime.ts'
import type { AgentSpec, ToolSpec } from '../../harness/plan/types.ts'
import type { Json } from '../../mocks/json.ts'
import { Agent } from './agent.ts'
import type { ContextProvider, RunContext } from './context-provider.ts'
import type { MemoryKind } from './session.ts'
import type { FunctionTool } from './tools.ts'

const MODEL = 'gpt-5.1'

/** The `context` of each run, from which hooks and tools read the run's id. */
export interface RunMark {
  run: string
  /** The instructions that the second context provider adds. */
  adds?: string
}

/** Returns the agents of a team by name, in the order of the team. An agent can be a tool of another agent. */
export function buildAgents(
  world: World,
  shared: Pick<Agent['definition'], 'client' | 'telemetry' | 'parts' | 'hooksFor'>,
): Map<string, Agent> {
  const contextProviders = [createReportingProvider(world), addingProvider]
  const made = world.team.map(({ name, instructions, settings = {}, tools }) => {
    const slots: FunctionTool[] = []
    const definition = {
      ...shared,
      name,
      instructions,
      settings,
      model: MODEL,
      tools: slots,
      contextProviders,
    }
    return { agent: new Agent(definition), fill: slots, specs: tools }
  })
  const byName = new Map(made.map(({ agent }) => [agent.name, agent]))
  for (const { agent, fill, specs } of made)
    fill.push(...specs.map((spec) => buildTool(world, agent.name, spec, byName)))
  return byName
}

function buildTool(
  world: World,
  agent: AgentSpec['name'],
  { name, description, parameters, does: [act] }: ToolSpec,
  agents: ReadonlyMap<string, Agent>,
): FunctionTool {
  const described = { name, parameters, ...(description === undefined ? {} : { description }) }
  const nested = act?.kind === 'agent' ? agents.get(act.agent) : undefined
  if (nested !== undefined) return nested.asTool(described)
  return {
    ...described,
    invoke: (args, { callId, signal, run }) =>
      world.tool({ run: readMark(run.context).run, id: callId, name, agent, args: args as Json, signal }),
  }
}

/** Returns a context provider that reports its calls to the harness. Nested runs are not reported, because they are tool calls. */
function createReportingProvider({ probe }: World): ContextProvider {
  const report = (name: 'before_run' | 'after_run') => (run: RunContext) => {
    if (run.parent === undefined) probe.hook({ run: readMark(run).run, agent: run.agent, name })
  }
  return { beforeRun: report('before_run'), afterRun: report('after_run') }
}

/** Adds the instructions of a run to the requests of its agents. Nested runs are runs of their own. */
const addingProvider: ContextProvider = {
  beforeRun(run) {
    const { adds } = readMark(run)
    if (run.parent === undefined && adds !== undefined) run.instructions.push(adds)
  },
}

function readMark(run: RunContext): RunMark {
  return run.context as RunMark
}

export function readMemoryKind({ session }: RunRequest): MemoryKind | undefined {
  return session === 'runtime-default' ? undefined : session
}
