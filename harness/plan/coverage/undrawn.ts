import { defaultSetup, type PlanSetup } from '../arbitraries/plan.ts'
import { sessionModes, telemetryModes } from '../schema.ts'
import type { LeavesOut } from './label.ts'

/** The setup of a scenario, without the capabilities of the runtime. */
export type ScenarioSetup = Partial<Omit<PlanSetup, 'supports'>>

/** What the generator of a scenario draws besides what its setup says. */
interface Further {
  /** Whether agents hand off. */
  handoffs?: boolean
  /** Whether a workflow is rebuilt before some turns. */
  rebuilds?: boolean
}

/** Returns the words and values that the plan generator does not draw with this setup, each with the reason. */
export function listUndrawn(
  given: Partial<PlanSetup>,
  { handoffs = false, rebuilds = false }: Further = {},
): LeavesOut {
  const setup = { ...defaultSetup, ...given }
  return {
    ...listUndrawnShapes(setup),
    ...listUndrawnFaults(setup),
    ...listUndrawnTelemetry(setup),
    ...leaveOutIf(!handoffs, 'the agents do not hand off', 'item: handoff', 'handoff', 'flow'),
    ...leaveOutIf(
      handoffs,
      'agents that hand off may count their answers together or each for itself',
      'limit',
    ),
    ...leaveOutIf(!rebuilds, 'no workflow is rebuilt', 'target: fresh-workflow'),
    ...leaveOutIf(
      !setup.nested.includes('itself'),
      '`nested` lacks `itself`',
      'agent as a tool: the agent itself',
    ),
    ...leaveOutIf(!setup.wire, '`wire` is false', 'way to write a stream'),
    ...leaveOutIf(setup.throwing === 0, '`throwing` is 0', 'action of a tool: throw'),
    ...leaveOutIf(setup.broken === 0, '`broken` is 0', 'hook that throws'),
    ...leaveOutIf(setup.facts === 0, '`facts` is 0', 'service: with an option', 'option of the service'),
    ...leaveOutIf(setup.growth === 0, '`growth` is 0', 'growth'),
    ...leaveOutIf(
      setup.stopped === 0,
      '`stopped` is 0',
      ...[
        'stop',
        'place of a stop',
        'fault: stall',
        'action of a tool: hang',
        'gate of a tool: gated, ignores its signal',
      ],
    ),
  }
}

function leaveOutIf(isOut: boolean, why: string, ...labels: string[]): LeavesOut {
  return isOut ? Object.fromEntries(labels.map((label) => [label, why])) : {}
}

function listUndrawnShapes({ conversations, turns, sessions, stream }: PlanSetup): LeavesOut {
  const misses = ({ min, max }: { min: number; max: number }, from: number, to = from) =>
    min > to || max < from
  const counts = `a plan has ${conversations.min} to ${conversations.max} conversations`
  const lengths = `a conversation has ${turns.min} to ${turns.max} turns`
  return {
    ...leaveOutIf(misses(conversations, 1), counts, 'conversations: 1', 'delivery: none'),
    ...leaveOutIf(misses(conversations, 2), counts, 'conversations: 2'),
    ...leaveOutIf(misses(conversations, 3, 4), counts, 'conversations: 3 or 4'),
    ...leaveOutIf(conversations.max < 5, counts, 'conversations: 5 or more'),
    ...leaveOutIf(conversations.max < 2, counts, 'delivery: few changes', 'delivery: many changes'),
    ...leaveOutIf(misses(turns, 1), lengths, 'turns: 1'),
    ...leaveOutIf(misses(turns, 2), lengths, 'turns: 2'),
    ...leaveOutIf(turns.max < 3, lengths, 'turns: 3 or more'),
    ...leaveOutIf(stream === 'always', '`stream` is always', 'stream: false'),
    ...leaveOutIf(stream === 'never', '`stream` is never', 'stream: true', 'pull', 'place of a fault'),
    ...leaveOutIf(
      true,
      'the session is not among `sessions`',
      ...sessionModes.filter((one) => !sessions.includes(one)).map((one) => `session: ${one}`),
    ),
  }
}

function listUndrawnFaults({ spoiled, faults, stopped }: PlanSetup): LeavesOut {
  const retried = ['http, retried', 'refuse-connection']
  const others = ['http, final', 'error-event', 'failed', 'incomplete', 'eof', 'reset', 'garbage']
  const label = (kinds: readonly string[]) => kinds.map((kind) => `fault: ${kind}`)
  return {
    ...leaveOutIf(faults === 'retried', '`faults` is retried', ...label(others)),
    ...leaveOutIf(spoiled === 0, '`spoiled` is 0', ...label([...retried, ...others])),
    ...leaveOutIf(spoiled === 0, '`spoiled` is 0', 'faults of an answer: several'),
    // A stall is drawn for a stop.
    ...leaveOutIf(
      stopped === 0 && (spoiled === 0 || faults === 'retried'),
      'no fault with a place is drawn',
      'place of a fault',
    ),
    ...leaveOutIf(
      stopped === 0 && spoiled === 0,
      'no fault is drawn',
      ...['answer with a fault', 'faults of an answer: one'],
    ),
  }
}

function listUndrawnTelemetry({ modes, disturbed, supports }: PlanSetup): LeavesOut {
  // Telemetry that is switched can start in any mode.
  const started = disturbed > 0 && supports.has('toggle') ? telemetryModes : modes
  return {
    ...leaveOutIf(disturbed === 0, '`disturbed` is 0', 'switch of the telemetry', 'sabotage'),
    ...leaveOutIf(
      true,
      'the mode is not among `modes`',
      ...telemetryModes
        .filter((mode) => !started.includes(mode))
        .map((mode) => `telemetry at the start: ${mode}`),
    ),
  }
}
