import { toShortJson } from '../../../mocks/json.ts'
import { describeTransport, type Transport } from '../../../mocks/transports.ts'
import type { Registration, RemoteWorld, World } from '../../contract/runtime.ts'
import { createHookProbe } from '../../observe/hooks.ts'
import type { Registrations } from '../../observe/registrations.ts'
import type { Telemetry } from '../../observe/telemetry.ts'
import { findTurn } from '../conversation/conversation.ts'
import type { Parts } from '../parts.ts'
import { buildTools } from './tools.ts'

/** What an adapter can report of the hooks that telemetry registers. */
const REPORTED: readonly string[] = ['register', 'remove', 'release'] satisfies Registration['at'][]

/** Returns what the runtime is given: the address of the service, the tools, and probes for what only its adapter sees. */
export function buildWorld(
  parts: Parts,
  { baseURL, fetch, name }: Transport,
  telemetry: Telemetry,
  { report }: Registrations,
): World {
  const { plan, conversations, history, misuse } = parts
  return {
    team: plan.team,
    ...(plan.flow ? { flow: plan.flow } : {}),
    baseURL,
    apiKey: 'sk-conformance',
    ...(fetch ? { fetch } : {}),
    ...(describeTransport(name).speaks === 'websocket' ? { websocket: true } : {}),
    probe: {
      hook: createHookProbe(history, (run) => findTurn(conversations, run)?.plan.breaks),
      handoff: (handoff) => history.add({ kind: 'handoff', ...handoff }),
      span: telemetry.report,
      registration(registration) {
        if (REPORTED.includes(registration.at)) return report(registration)
        misuse.note(
          `probe.registration(): found at ${toShortJson(registration.at)}, expected ${REPORTED.join(', ')}`,
        )
        return undefined
      },
    },
    tool: buildTools(parts),
    telemetry: { mode: plan.mode, install: telemetry.install },
    remote: buildDriverInterface(parts),
  }
}

/** Returns what the connection to a driver asks of the harness, and how it reports. */
function buildDriverInterface({ plan, conversations, history, quiet, whoseTurn }: Parts): RemoteWorld {
  return {
    seed: plan.seed,
    bound: quiet.bound,
    consumed(run) {
      const conversation = conversations.find(({ turn }) => turn?.run === run)
      const { pull = 'same-context', stop, breaks } = conversation?.turn?.plan ?? {}
      const as = conversation?.plan.as
      return { pull, ...(stop ? { stop } : {}), ...(breaks ? { breaks } : {}), ...(as ? { as } : {}) }
    },
    on: () => conversations[whoseTurn.conversation ?? -1]?.turn?.run ?? null,
    tell: (event) =>
      history.add(event.kind === 'span.start' ? { ...event, conversation: whoseTurn.conversation } : event),
  }
}
