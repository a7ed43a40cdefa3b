import type { Transport } from '../../mocks/transports.ts'
import type { HistoryRecorder } from '../history/recorder.ts'
import type { AgentSpec } from '../plan/types.ts'
import type { World } from '../runtime.ts'
import { installProvider, spanEvent } from './spans.ts'

/** What a runtime is given: what it reports goes into the history. `close` ends the tracer providers that it installed. */
export function openWorld(
  team: AgentSpec[],
  { baseURL, fetch }: Transport,
  tool: World['tool'],
  history: HistoryRecorder,
): { world: World; close(): Promise<void> } {
  const providers: { shutdown(): Promise<void> }[] = []
  const world: World = {
    team,
    baseURL,
    apiKey: 'sk-conformance',
    ...(fetch ? { fetch } : {}),
    probe: {
      hook: (hook) => history.add({ kind: 'hook', ...hook }),
      span: (span) => history.add(spanEvent(span)),
    },
    tool,
    telemetry: {
      install: (api) => {
        const provider = installProvider(api, history.add)
        providers.push(provider)
        return provider
      },
    },
  }
  return {
    world,
    async close() {
      for (const provider of providers) await provider.shutdown()
    },
  }
}
