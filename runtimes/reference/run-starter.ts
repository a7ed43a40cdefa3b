import type { RunRequest, World } from '../../harness/contract/runtime.ts'
import { hasHandoffs } from '../../harness/plan/team.ts'
import type { Agent } from './agent.ts'
import type { AgentResponse, AgentResponseUpdate } from './agent-response.ts'
import { buildUpdate, buildUsage, type ConvertedRun, type DrivenRun, driveRun } from './driven-run.ts'
import { HandoffBuilder } from './handoff/handoff-builder.ts'
import type { HandoffWorkflow, WorkflowEvent, WorkflowResult } from './handoff/handoff-workflow.ts'
import { WorkflowSession } from './handoff/workflow-session.ts'
import type { ResponseStream } from './response-stream.ts'
import { AgentSession } from './session.ts'
import { type RunMark, readMemoryKind } from './team-agents.ts'

/** Starts a run in the conversation that the request names. */
export type StartRun = (request: RunRequest) => DrivenRun

/** The sessions of a plan's conversations. They outlive the agents, because a turn may rebuild the agents. */
export interface Sessions {
  agents: Map<number, AgentSession>
  workflows: Map<number, WorkflowSession>
}

/** Returns a function that runs the turns: by a workflow if the agents hand off to one another, else by the first agent. */
export function createRunStarter(
  world: World,
  agents: ReadonlyMap<string, Agent>,
  sessions: Sessions,
): StartRun {
  const [first] = agents.values()
  if (first === undefined) throw new Error('the team has no agents')
  return hasHandoffs(world.team)
    ? createWorkflowStarter(world, agents, first, sessions)
    : createAgentStarter(world, first, sessions)
}

function createAgentStarter({ probe }: World, agent: Agent, { agents: sessions }: Sessions): StartRun {
  return (request) => {
    const session = findOrOpenSession(sessions, request, () => new AgentSession(readMemoryKind(request)))
    const { name } = agent
    const told: ConvertedRun<AgentResponseUpdate, AgentResponse> = {
      stream: addReportingHooks(
        agent.run(request.input, { ...buildRunOptions(request), session }),
        probe,
        name,
        request,
      ),
      toUpdate: buildUpdate,
      toOutcome: ({ status, text, usage }) => ({ status, text, agent: name, usage: buildUsage(usage) }),
    }
    return driveRun(told, request)
  }
}

function createWorkflowStarter(
  world: World,
  agents: ReadonlyMap<string, Agent>,
  start: Agent,
  { workflows }: Sessions,
): StartRun {
  const { probe } = world
  const workflow = buildWorkflow(world, agents, start)
  return (request) => {
    const session = findOrOpenSession(workflows, request, () => new WorkflowSession(readMemoryKind(request)))
    const run = workflow
      .run(request.input, { ...buildRunOptions(request), session })
      .withTransformHook((event) => {
        if (event.type === 'handoff_sent')
          probe.handoff({ run: request.run, from: event.source, to: event.target })
        return event
      })
    const told: ConvertedRun<WorkflowEvent, WorkflowResult> = {
      stream: addReportingHooks(run, probe, start.name, request),
      toUpdate: (event) => (event.type === 'output' ? buildUpdate(event.update) : undefined),
      toOutcome: ({ usage, ...result }) => ({ ...result, usage: buildUsage(usage) }),
    }
    return driveRun(told, request)
  }
}

function buildWorkflow(
  { team, flow }: World,
  agents: ReadonlyMap<string, Agent>,
  start: Agent,
): HandoffWorkflow {
  const end = flow?.endAfter
  const builder = new HandoffBuilder({
    participants: [...agents.values()],
    terminationCondition: (conversation) =>
      end !== undefined && conversation.filter(({ author }) => author === end.agent).length >= end.messages,
  }).withStartAgent(start)
  for (const { name, handoffs } of team)
    builder.addHandoff(
      agents.get(name) as Agent,
      handoffs.map((to) => agents.get(to) as Agent),
    )
  if (flow) builder.withAutonomousMode({ turnLimits: flow.turnLimits })
  return builder.build()
}

function buildRunOptions({ run, stream, store, signal, limit, adds }: RunRequest) {
  const mark: RunMark = { run, ...(adds === undefined ? {} : { adds }) }
  const bound = limit === undefined ? {} : { maxAnswers: limit }
  return { stream, store, signal, ...bound, context: mark }
}

function findOrOpenSession<S>(sessions: Map<number, S>, { conversation }: RunRequest, open: () => S): S {
  const session = sessions.get(conversation) ?? open()
  sessions.set(conversation, session)
  return session
}

/** Registers the three hooks of a stream, and the second cleanup hook if the plan has one. They report to the harness. `probe.hook` throws if the plan lets the hook throw. */
function addReportingHooks<U, R>(
  stream: ResponseStream<U, R>,
  probe: World['probe'],
  agent: string,
  { run, cleanups }: RunRequest,
): ResponseStream<U, R> {
  const report = (name: 'transform' | 'result' | 'cleanup') => probe.hook({ run, agent, name })
  const hooked = stream
    .withTransformHook((update) => {
      report('transform')
      return update
    })
    .withResultHook((result) => {
      report('result')
      return result
    })
    .withCleanupHook(() => report('cleanup'))
  if (cleanups === undefined) return hooked
  return hooked.withCleanupHook(() => probe.hook({ run, agent, name: 'cleanup', second: true }))
}
