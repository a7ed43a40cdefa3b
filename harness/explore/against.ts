import { type History, parseConversation } from '../contract/events.ts'
import type { Runtime } from '../contract/runtime.ts'
import { groupByRun, hasSucceeded, type RunRecord, readRunStatus } from '../history/runs.ts'
import type { Comparison, Invariant, Violation } from '../invariants/types.ts'
import type { Plan } from '../plan/types.ts'

/** A runtime and another one to compare with, mostly two versions of one runtime. */
export interface DifferentialTest {
  /** The first runtime, with only the capabilities that both have. */
  runtime: Runtime
  /** Returns the runtime that a plan runs on: the other one for the variants of a comparison. */
  runtimeFor(plan: Plan): Runtime
  /**
   * The invariants as comparisons. A plan breaks one with a cause if it breaks the invariant with this cause only on the first
   * runtime, and if it puts the invariant to the test on the other one.
   */
  comparisons: Comparison[]
}

/**
 * Returns comparisons that run each plan on both runtimes. They find only what differs between the runtimes, and no violation
 * that both have. They do not count a plan that passes on the other runtime only because something else fails there first.
 */
export function createDifferentialTest(
  runtime: Runtime,
  other: Runtime,
  invariants: readonly Invariant[],
): DifferentialTest {
  const twins = new WeakSet<Plan>()
  const supports = new Set([...runtime.supports].filter((capability) => other.supports.has(capability)))
  return {
    runtime: { ...runtime, supports },
    runtimeFor: (plan) => (twins.has(plan) ? other : runtime),
    comparisons: invariants.map(({ check, countWitnesses, ...promised }) => ({
      ...promised,
      variants(plan) {
        const twin = { ...plan }
        twins.add(twin)
        return [twin]
      },
      compare(own, others, plan) {
        const violations = check(own, plan)
        if (violations.length === 0) return []
        const isExercised = others.every((history) => countWitnesses(history, plan) > 0)
        if (!isExercised) return []
        const shared = new Set(others.flatMap((history) => check(history, plan)).map(({ cause }) => cause))
        return violations.filter(
          (violation) =>
            !shared.has(violation.cause) &&
            !others.some((history) => hasFailedBefore(own, violation, history)),
        )
      },
      countWitnesses: (own, _, plan) => countWitnesses(own, plan),
    })),
  }
}

/**
 * Returns whether the other history says nothing of a violation because a run failed there first: the run of the violation
 * after fewer requests, or an earlier run that succeeded in the own history.
 */
function hasFailedBefore(own: History, { at }: Violation, other: History): boolean {
  const run = findRun(own, at)
  const conversation = findConversation(own, at)
  const others = new Map(groupByRun(other).runs.map((story) => [story.run, story]))
  return groupByRun(own)
    .runs.filter((story) => story.at <= at && (conversation === null || story.conversation === conversation))
    .some((story) => {
      const beside = others.get(story.run)
      if (beside === undefined) return true
      if (!hasFailed(beside)) return false
      const requests = story.requests.filter((request) => request.at < at).length
      return beside.requests.length < requests || (story.run !== run && hasSucceeded(story))
    })
}

function hasFailed(story: RunRecord): boolean {
  const status = readRunStatus(story)
  return status === 'failed' || status === 'hung'
}

/** Returns the run of an event, or undefined if the event does not say. */
function findRun(history: History, at: number): string | undefined {
  const event = history[at]
  if (event === undefined) return undefined
  if ('run' in event) return event.run ?? undefined
  if (!('request' in event)) return undefined
  const { request } = event
  return groupByRun(history).requests.find(({ asked }) => asked.request === request)?.asked.run ?? undefined
}

/** Returns the conversation of an event, or null if the event does not say. */
function findConversation(history: History, at: number): number | null {
  const event = history[at]
  if (event?.kind === 'span.start') return event.conversation
  if (event?.kind === 'span.end') {
    const started = history.find((one) => one.kind === 'span.start' && one.span === event.span)
    return started?.kind === 'span.start' ? started.conversation : null
  }
  return parseConversation(findRun(history, at) ?? null) ?? null
}
