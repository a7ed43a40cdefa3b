import { describe, expect, it } from 'vitest'
import type { Silence, Team } from '../contract/runtime.ts'
import { Elsewhere } from './elsewhere.ts'
import { openGates } from './gates.ts'
import type { Stage } from './stage.ts'

describe('what another process says of its silence', () => {
  it.each<[string, (stage: Stage, tell: () => void) => void]>([
    ['a gate was opened', ({ gates }) => gates.open(0)],
    ['the service has sent something', (stage) => stage.served++],
    ['it was told something, as the result of a tool', (_, tell) => tell()],
  ])('holds until %s', async (_, happens) => {
    let told = 0
    let questions = 0
    const silent: Silence = { sure: true, next: null }
    const team: Pick<Team, 'told'> = { told: () => told }
    const stage = { gates: openGates(1), served: 0, team } as unknown as Stage
    const elsewhere = new Elsewhere(stage, async () => {
      questions++
      return silent
    })
    const isSilent = async () => {
      const said = elsewhere.isSilent(0)
      await elsewhere.asking
      return said
    }
    expect([await isSilent(), await isSilent(), await isSilent()]).toEqual([false, true, true])
    happens(stage, () => told++)
    expect([await isSilent(), await isSilent()]).toEqual([false, true])
    expect(questions).toBe(2)
  })
})
