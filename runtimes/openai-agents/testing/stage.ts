import type { Outcome, Update } from '../../../harness/contract/run-outcome.ts'
import type { Probe, RunRequest, SpanReport, Team, ToolCall } from '../../../harness/contract/runtime.ts'
import type { AgentSpec, HookName, TelemetryMode } from '../../../harness/plan/types.ts'
import type { Json, JsonObject } from '../../../mocks/json.ts'
import { queueScript } from '../../../mocks/service/script.ts'
import { createService } from '../../../mocks/service/service.ts'
import type { Answer } from '../../../mocks/service/types.ts'
import { openTransport } from '../../../mocks/transports.ts'
import { runtime } from '../adapter.ts'

/** The adapter before the service, with all that it told. */
export interface Stage {
  team: Team
  /** Bodies of the requests for a response. */
  requests: JsonObject[]
  hooks: { run: string | null; name: HookName }[]
  spans: SpanReport[]
  handoffs: Parameters<Probe['handoff']>[0][]
  /** Runs one turn to its end, every update pulled. */
  turn(number: number, request?: Partial<RunRequest>): Promise<{ updates: Update[]; outcome: Outcome }>
  close(): Promise<void>
}

export const agent: AgentSpec = {
  name: 'agent',
  instructions: 'You are a careful assistant.',
  tools: [
    {
      name: 'look',
      parameters: { type: 'object', properties: {} },
      does: [{ kind: 'return', value: 'rain' }],
    },
  ],
  handoffs: [],
}

export const says = (text: string): Answer => ({ items: [{ type: 'text', text }] })
export const looks: Answer = { items: [{ type: 'call', tool: 'look', args: {} }] }

export async function openStage(
  answers: Answer[],
  {
    team = [agent],
    mode = 'on',
    tool = async () => 'rain',
  }: {
    team?: AgentSpec[]
    mode?: TelemetryMode
    tool?(call: ToolCall): Promise<Json>
  } = {},
): Promise<Stage> {
  const requests: JsonObject[] = []
  const hooks: Stage['hooks'] = []
  const spans: SpanReport[] = []
  const handoffs: Stage['handoffs'] = []
  const service = createService({
    seed: 'openai-agents',
    script: queueScript(answers),
    watch: (event) => {
      if (event.type === 'request') requests.push(event.request.body as JsonObject)
    },
  })
  const transport = await openTransport('fetch', service.handlers)
  const opened = await runtime.open({
    team,
    baseURL: transport.baseURL,
    apiKey: 'sk-conformance',
    fetch: transport.fetch,
    tool,
    probe: {
      hook: (hook) => hooks.push(hook),
      handoff: (handoff) => handoffs.push(handoff),
      span: (span) => spans.push(span),
      registration: () => undefined,
    },
    telemetry: {
      mode: { start: mode },
      install: () => {
        throw new Error('it has no OpenTelemetry')
      },
    },
  })
  return {
    team: opened,
    requests,
    hooks,
    spans,
    handoffs,
    async turn(number, request) {
      const run = opened.start(buildRunRequest(number, request))
      const updates: Update[] = []
      try {
        for await (const update of run.updates) updates.push(update)
      } catch {
        // The stream's error is the outcome's, too.
      }
      return { updates, outcome: await run.outcome() }
    },
    async close() {
      await opened.close()
      await transport.close()
    },
  }
}

export function buildRunRequest(turn: number, request: Partial<RunRequest> = {}): RunRequest {
  return {
    run: `c0.t${turn}`,
    conversation: 0,
    turn,
    input: `say ${turn}`,
    stream: true,
    session: 'history',
    store: true,
    target: 'same',
    signal: new AbortController().signal,
    ...request,
  }
}
