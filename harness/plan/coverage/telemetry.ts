import type { Capability } from '../../contract/runtime.ts'
import { sabotagePairs, telemetryModes } from '../schema.ts'
import type { Sabotage } from '../types.ts'
import { buildValues, type Word } from './word.ts'

/** Words about the telemetry. */
export const telemetryWords: readonly Word[] = [
  {
    name: 'telemetry at the start',
    values: buildValues(telemetryModes),
    read: ({ plan: { mode } }) => [mode.start],
  },
  {
    name: 'switch of the telemetry',
    values: buildValues(telemetryModes, ['toggle']),
    read: ({ plan: { mode } }) => (mode.toggles ?? []).map(({ to }) => to),
  },
  {
    name: 'sabotage',
    values: Object.fromEntries(
      (Object.keys(sabotagePairs) as Sabotage['part'][]).flatMap((part) =>
        sabotagePairs[part].map((does) => [`${part}, ${does}`, listNeeds(part)]),
      ),
    ),
    groups: Object.fromEntries(
      (Object.keys(sabotagePairs) as Sabotage['part'][]).flatMap((part) =>
        sabotagePairs[part].map((does) => [`${part}, ${does}`, part.replace(/-.*/, '')]),
      ),
    ),
    read: ({
      plan: {
        mode: { sabotage },
      },
    }) => (sabotage ? [`${sabotage.part}, ${sabotage.does}`] : []),
  },
]

function listNeeds(part: Sabotage['part']): Capability[] {
  return part.startsWith('hook-') ? ['spans', 'step-hooks'] : ['spans']
}
