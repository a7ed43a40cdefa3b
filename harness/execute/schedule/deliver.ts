import type { Team } from '../../contract/runtime.ts'
import { estimateWeight } from '../../plan/weight.ts'
import type { Conversation } from '../conversation/conversation.ts'
import type { Parts } from '../parts.ts'
import { chooseNextConversation } from './next-conversation.ts'
import { carryOutStop } from './stops.ts'

/** Steps between two signs of life. */
const STEPS_PER_SIGN = 256

/**
 * Steps in a row in which nothing is done, for each conversation that is left, after which nothing more is expected where time is
 * real. Each such step waits for seconds, and an order can have hundreds of them.
 */
const FRUITLESS_STEPS = 3

/** What is called between the steps. */
export interface Pace {
  /** Gives a sign of life. */
  sign(): void
  /** Resolves when the next gate may be opened. */
  delay?: (() => Promise<void>) | undefined
}

/**
 * Opens one gate per step in the order of `delivery`, until every conversation has ended or none comes to a gate any more.
 * Calls `sign` now and then, but not for more steps than the plan asks for, so that an endless runtime gives no sign of life.
 */
export async function deliver(parts: Parts, team: Team, { sign, delay }: Pace): Promise<void> {
  const { plan, gates, conversations, whoseTurn, quiet } = parts
  const { steps } = estimateWeight(plan)
  const skipped = new Set<number>()
  /** The conversations that came to no gate when they were last waited for. */
  const stuck = new Set<number>()
  let fruitless = 0
  for (let step = 0; ; step++) {
    if (step > 0 && step < steps && step % STEPS_PER_SIGN === 0) sign()
    const next = chooseNextConversation(gates.standing, plan.delivery, step, skipped)
    const conversation = conversations[next ?? -1]
    if (next === undefined || conversation === undefined || isFruitless(fruitless, parts)) {
      if (!(await letLeftBehindGo(step, parts))) return
      skipped.clear()
      stuck.clear()
      continue
    }
    if (next !== whoseTurn.conversation) await quiet.waitForPassedOn(whoseTurn.conversation)
    whoseTurn.giveTo(next)
    await toggleTelemetry(parts, team, step)
    await delay?.()
    if (await takeStep(step, conversation, parts, stuck.has(next))) {
      skipped.clear()
      stuck.delete(next)
      fruitless = 0
    } else {
      skipped.add(next)
      stuck.add(next)
      fruitless++
    }
  }
}

/** Whether so many steps in a row did nothing that the conversations that are left hang. */
function isFruitless(steps: number, { gates: { standing }, quiet }: Parts): boolean {
  const left = standing.filter((one) => one !== 'ended').length
  return quiet.isTimeReal && left > 0 && !standing.includes('at-gate') && steps >= FRUITLESS_STEPS * left
}

/**
 * Opens one gate of what ended runs left behind, if a conversation waits that cannot go on otherwise: a runtime may read
 * the rest of an answer before it begins the next turn. Returns whether there was such a gate.
 */
async function letLeftBehindGo(step: number, { gates, history, quiet }: Parts): Promise<boolean> {
  if (gates.standing.every((standing) => standing === 'ended')) return false
  const number = gates.openLeftBehind()
  if (number === undefined) return false
  history.step = step
  history.add({ kind: 'step', step, conversation: number, opened: true })
  quiet.noteGateOpened()
  await quiet.settleAgain(number)
  return true
}

/** Opens the conversation's gate if it comes to one, and carries out its stops. Returns whether anything was done. */
async function takeStep(
  step: number,
  conversation: Conversation,
  parts: Parts,
  isStuck: boolean,
): Promise<boolean> {
  const { gates, history, quiet } = parts
  const { number } = conversation
  // A stop may be left over from before the first step, or from a stall.
  const stoppedBefore = carryOutStop(conversation, parts)
  await quiet.waitForStopsToBeHeard()
  // If it stands at a gate already, all was quiet when the step before this ended.
  const stands = stoppedBefore ? 'running' : conversation.standing
  const waitsAgain = isStuck && !stoppedBefore && gates.standing.includes('at-gate')
  const settle = () => (waitsAgain ? quiet.settleAgain(number) : quiet.settle(number))
  const standing = stands === 'at-gate' ? stands : await settle()
  const opened = standing === 'at-gate'
  history.step = step
  history.add({ kind: 'step', step, conversation: number, opened })
  if (opened) {
    quiet.noteGateOpened()
    gates.open(number)
    await quiet.settle(number)
  }
  const stoppedAfter = await stopAfterStep(conversation, parts)
  await quiet.waitForStopsToBeHeard()
  return opened || stoppedBefore || stoppedAfter
}

async function stopAfterStep(conversation: Conversation, parts: Parts): Promise<boolean> {
  const { quiet } = parts
  if (!conversation.turn?.hasStopToCome) return false
  // The client may not yet have what the service has sent.
  if (conversation.turn.stop === 'due') await quiet.waitForSocket()
  if (!carryOutStop(conversation, parts)) return false
  await quiet.settle(conversation.number)
  return true
}

/** Switches the runtime's telemetry where the plan does so at this step. Another process is idle before and after. */
async function toggleTelemetry({ plan, history, quiet }: Parts, team: Team, step: number): Promise<void> {
  for (const { step: at, to } of plan.mode.toggles ?? []) {
    if (at !== step) continue
    await quiet.waitForOtherProcess()
    team.setMode?.(to)
    history.add({ kind: 'mode', to })
    await quiet.waitForOtherProcess()
  }
}
