import type { HistoryEvent } from '../contract/events.ts'
import type { Probe, Registration } from '../contract/runtime.ts'
import type { Plan, Sabotage } from '../plan/types.ts'
import { collectUntilFree } from './garbage.ts'

/** Watches the hooks that telemetry registers with agents. */
export interface Registrations {
  report: Probe['registration']
  /** Records hooks that are still registered. Call this when no run is open. */
  close(): void
  /** Records which replaced agents are still alive while `team` is. Does so only if the plan builds agents anew. */
  collect(team: object): Promise<void>
}

/** A reported agent. It is not kept alive from here. */
interface Watched {
  name: string
  agent: WeakRef<object>
  /** How many times each hook is registered with the agent. */
  hooks: Map<string, number>
}

/** Records each registration, and breaks the one that the plan names. */
export function recordAndBreakRegistrations(add: (event: HistoryEvent) => void, plan: Plan): Registrations {
  const numbers = new WeakMap<object, number>()
  const watched: Watched[] = []
  const strikes = createSabotage(plan.mode.sabotage)
  const numberOf = ({ of, agent: name }: Registration) => {
    const known = numbers.get(of)
    if (known !== undefined) return known
    const number = watched.push({ name, agent: new WeakRef(of), hooks: new Map() }) - 1
    numbers.set(of, number)
    return number
  }
  return {
    report(registration) {
      const { agent, hook, at } = registration
      const instance = numberOf(registration)
      const sabotage = strikes(at)
      add({
        kind: 'registration',
        at,
        agent,
        instance,
        ...(hook === undefined ? {} : { hook }),
        ...(sabotage === undefined ? {} : { sabotage }),
      })
      if (sabotage === 'throw') throw new Error(`conformance: the hook ${hook} of ${agent} is not taken`)
      if (hook !== undefined && sabotage === undefined && at !== 'release')
        addToCount(watched[instance]?.hooks, hook, at === 'register' ? 1 : -1)
      return sabotage === 'drop' ? 'lose' : sabotage
    },
    close() {
      for (const [instance, { name, hooks }] of watched.entries())
        for (const [hook, times] of hooks)
          if (times > 0) {
            const message = `${hook} of agent ${name} (number ${instance})${times > 1 ? `, ${times} times` : ''}`
            add({ kind: 'left-open', what: 'hook', message })
          }
    },
    async collect(team) {
      // What the closed team still holds is held: its users have it, too.
      const kept = new Set([team])
      if (!plan.conversations.some(({ turns }) => turns.some(({ target }) => target === 'fresh-workflow')))
        return
      const canCollect = await collectUntilFree(() => listAgentsWithSameName(watched).length)
      kept.clear()
      add({ kind: 'collection', held: canCollect ? listAgentsWithSameName(watched) : null })
    },
  }
}

/**
 * Returns the numbers of all agents that share their name with another living agent. Nothing says which of them
 * belongs to the team.
 */
function listAgentsWithSameName(watched: readonly Watched[]): number[] {
  const alive = [...watched.entries()].filter(([, { agent }]) => agent.deref() !== undefined)
  return [...Map.groupBy(alive, ([, { name }]) => name).values()]
    .filter(({ length }) => length > 1)
    .flat()
    .map(([instance]) => instance)
}

/** Returns a function that says what the plan does to a registration, removal or release. */
function createSabotage(
  sabotage: Sabotage | undefined,
): (at: Registration['at']) => 'throw' | 'drop' | 'repeat' | undefined {
  let uses = 0
  return (at) => {
    if (sabotage === undefined || at !== STRUCK[sabotage.part]) return undefined
    if (uses++ !== sabotage.nth || sabotage.does === 'hang') return undefined
    return sabotage.does
  }
}

/** Which report each broken part of the telemetry is about. */
const STRUCK: Partial<Record<Sabotage['part'], Registration['at']>> = {
  'hook-register': 'register',
  'hook-lost': 'register',
  'hook-release': 'release',
}

function addToCount(hooks: Map<string, number> | undefined, hook: string, by: number): void {
  hooks?.set(hook, Math.max(0, (hooks.get(hook) ?? 0) + by))
}
