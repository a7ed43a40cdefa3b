import { describe, expect, it } from 'vitest'
import type { Team } from '../../contract/runtime.ts'
import { startHistory } from '../../history/recorder.ts'
import { watchInFlight } from '../../observe/in-flight.ts'
import { estimateWeight } from '../../plan/weight.ts'
import { openConversations } from '../conversation/conversation.ts'
import { execute } from '../execute.ts'
import { SocketQuiet } from '../quiet/socket.ts'
import {
  createAnswer,
  createPlan,
  createScriptedRuntime,
  createTurn,
  passOnText,
} from '../testing/scripted.ts'
import { Misuse } from '../world/misuse.ts'
import { deliver } from './deliver.ts'
import { openGates } from './gates.ts'
import { WhoseTurn } from './whose-turn.ts'

/** How many signs of life, and how many steps, a plan takes on a runtime that asks so often in one run. */
async function signsOf(text: string, asks: number) {
  const plan = createPlan([[createTurn({ answers: [createAnswer(text)] })]])
  const runtime = createScriptedRuntime(async function* ({ ask }) {
    for (let asked = 1; asked < asks; asked++) yield* passOnText(ask())
    return yield* passOnText(ask())
  })
  let signs = 0
  const history = await execute(runtime, plan, { transport: 'fetch', sign: () => void signs++ })
  return {
    signs,
    steps: history.filter(({ kind }) => kind === 'step').length,
    expected: estimateWeight(plan).steps,
  }
}

describe('signs of life', () => {
  it('are given all the way through a plan that has many steps', async () => {
    const { signs, steps } = await signsOf('x'.repeat(20_000), 1)
    expect(steps).toBeGreaterThan(3_000)
    expect(signs).toBe(Math.floor((steps - 1) / 256))
  })

  it('are not given for what a runtime does beyond its plan', async () => {
    const { signs, steps, expected } = await signsOf('It is so.', 200)
    expect(steps).toBeGreaterThan(4 * 256)
    expect(expected).toBeLessThan(256)
    expect(signs).toBe(0)
  })
})

describe('a conversation that comes to no gate', () => {
  it('is waited for in full once before the others go on and once after, and only looked at in between', async () => {
    const plan = createPlan([[createTurn()], [createTurn()]])
    const gates = openGates(2)
    const history = startHistory()
    const flight = watchInFlight()
    const waited: string[] = []
    class NotedQuiet extends SocketQuiet {
      override async settle(conversation: number) {
        waited.push(`full ${conversation}`)
        return gates.standingOf(conversation)
      }

      override settleAgain(conversation: number) {
        waited.push(`again ${conversation}`)
        return super.settleAgain(conversation)
      }
    }
    const recorded = () => history.events.length
    const setup = { gates, recorded, flight, turnsToNextRequest: 0, sendsSeveral: false, patience: 1 }
    const parts = {
      gates,
      history,
      whoseTurn: new WhoseTurn(),
      quiet: new NotedQuiet(setup),
      misuse: new Misuse(),
    }
    for (let request = 0; request < 4; request++) void gates.arrive(1, request)
    await deliver({ ...parts, plan, conversations: openConversations(plan, gates) }, {} as Team, {
      sign() {},
    })
    flight.release()
    expect(waited.filter((one) => one.endsWith('0'))).toEqual([
      'full 0',
      ...['again 0', 'again 0', 'again 0'],
      'full 0',
    ])
  })
})
