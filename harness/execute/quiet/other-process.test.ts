import { describe, expect, it } from 'vitest'
import type { Silence, Team } from '../../contract/runtime.ts'
import { startHistory } from '../../history/recorder.ts'
import { watchInFlight } from '../../observe/in-flight.ts'
import { openGates } from '../schedule/gates.ts'
import { OtherProcessQuiet } from './other-process.ts'

describe('a process that was found idle', () => {
  it.each<[string, (given: { quiet: OtherProcessQuiet; open: () => void; tell: () => void }) => void]>([
    ['a gate was opened', ({ open }) => open()],
    ['the service has sent something', ({ quiet }) => quiet.watch({ type: 'request.cancelled', request: 1 })],
    ['it was told something, as the result of a tool', ({ tell }) => tell()],
  ])('is asked again while it is waited for, if %s', async (_, happens) => {
    const gates = openGates(1)
    const history = startHistory()
    const flight = watchInFlight()
    let told = 0
    let asked = 0
    const quiet = new OtherProcessQuiet({
      gates,
      flight,
      recorded: () => history.events.length,
      nextRecorded: () => history.next(),
      turnsToNextRequest: 1,
      sendsSeveral: false,
      patience: 1,
      mayBreakOff: false,
    })
    const given = { quiet, open: () => gates.open(0), tell: () => void told++ }
    quiet.attach({
      told: () => told,
      async quiet(): Promise<Silence> {
        asked++
        // After the first answer something happens, once.
        if (asked === 1) happens(given)
        return { sure: true, next: null }
      },
    } as unknown as Team)
    await quiet.waitUntilIdle()
    flight.release()
    expect(asked).toBe(2)
  })
})
