import { weightOf } from '../plan/weight.ts'
import { nextConversation } from './gates.ts'
import { allQuiet, settle } from './settle.ts'
import type { Stage } from './stage.ts'
import { carryOut } from './stops.ts'

/** Steps between two signs of life. */
const SIGN_EACH = 256

/**
 * Opens gate by gate in the order of `delivery`, until every conversation has ended or none comes to a gate any more. Calls
 * `sign` now and then, but not for steps beyond those that the plan asks for: a runtime that goes on for ever gives none.
 */
export async function deliver(stage: Stage, sign: () => void): Promise<void> {
  const { plan, gates, history } = stage
  const { steps } = weightOf(plan)
  const skipped = new Set<number>()
  for (let step = 0; ; step++) {
    if (step > 0 && step < steps && step % SIGN_EACH === 0) sign()
    const conversation = nextConversation(gates.standing, plan.delivery, step, skipped)
    if (conversation === undefined) return
    if (conversation !== stage.cause) await passedOn(stage)
    stage.cause = conversation
    await toggle(stage, step)
    // A stop that stands over from before the first step, or that a stall waits for.
    let stopped = carryOut(conversation, stage)
    if (stage.stopping) await heardOfStops(stage)
    // Where it stands at a gate already, all was quiet when the step before this ended.
    const stands = stopped ? 'running' : gates.standingOf(conversation)
    const standing = stands === 'at-gate' ? stands : await settle(conversation, stage)
    const opened = standing === 'at-gate'
    history.step = step
    history.add({ kind: 'step', step, conversation, opened })
    if (opened) {
      stage.passesOn = false
      gates.open(conversation)
      await settle(conversation, stage)
    }
    if (hasStop(conversation, stage)) stopped = (await stops(conversation, stage)) || stopped
    if (stage.stopping) await heardOfStops(stage)
    if (opened || stopped) skipped.clear()
    else skipped.add(conversation)
  }
}

/** What was sent to one conversation in another process has got there before another's turn comes. */
async function passedOn(stage: Stage): Promise<void> {
  if (stage.team?.quiet === undefined || !stage.passesOn || stage.cause === null) return
  stage.passesOn = false
  await settle(stage.cause, stage)
}

/** Whether a stop of the turn that is on is yet to be carried out. */
function hasStop(conversation: number, { lines }: Stage): boolean {
  const stop = lines[conversation]?.turn?.stop
  return stop === 'waiting' || stop === 'due'
}

async function stops(conversation: number, stage: Stage): Promise<boolean> {
  // Without the clock the client may not yet have what the service has sent.
  if (stage.clock === undefined && stage.lines[conversation]?.turn?.stop === 'due') await allQuiet(stage)
  if (!carryOut(conversation, stage)) return false
  await settle(conversation, stage)
  return true
}

/** Without the clock the service hears late that a client is gone: until then nothing more is sent to it. */
async function heardOfStops(stage: Stage): Promise<void> {
  stage.stopping = false
  if (stage.clock === undefined) await allQuiet(stage)
}

async function toggle(stage: Stage, step: number): Promise<void> {
  const { plan, team, history } = stage
  for (const { step: at, to } of plan.mode.toggles ?? []) {
    if (at !== step) continue
    // Another process may still be at what was sent to it before.
    if (team?.quiet) await allQuiet(stage)
    team?.setMode?.(to)
    history.add({ kind: 'mode', to })
    if (team?.quiet) await allQuiet(stage)
  }
}
