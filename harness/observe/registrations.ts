import type { HistoryEvent } from '../contract/events.ts'
import type { Probe, Registration } from '../contract/runtime.ts'
import type { Plan, Sabotage } from '../plan/types.ts'

/** What of the hooks that telemetry registers with agents is seen. */
export interface Registrations {
  report: Probe['registration']
  /** Tells what is still registered: for when no run is on. */
  close(): void
  /** Tells which agents are held in several of one name, although the team has but one. Only where a plan builds them anew. */
  collect(): Promise<void>
}

/** An agent that was told of, by its number in that order; nothing here keeps it. */
interface Watched {
  name: string
  agent: WeakRef<object>
  /** How often each hook is registered with it. */
  hooks: Map<string, number>
}

/** Tells each registration to the history, and breaks the one that the plan names. */
export function watchRegistrations(add: (event: HistoryEvent) => void, plan: Plan): Registrations {
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
    async collect() {
      if (!plan.conversations.some(({ turns }) => turns.some(({ target }) => target === 'fresh-workflow')))
        return
      let held: number[] | null = []
      for (let time = 0; time < COLLECTIONS; time++) {
        held = (await collectGarbage()) ? listDuplicates(watched) : null
        if (held === null || held.length === 0) break
      }
      add({ kind: 'collection', held })
    },
  }
}

/** The numbers of the agents of which more than one of a name is there: one belongs to the team; which, nothing tells. */
function listDuplicates(watched: readonly Watched[]): number[] {
  const alive = [...watched.entries()].filter(([, { agent }]) => agent.deref() !== undefined)
  return [...Map.groupBy(alive, ([, { name }]) => name).values()]
    .filter(({ length }) => length > 1)
    .flat()
    .map(([instance]) => instance)
}

/** What becomes of a registration, a removal or a release: nothing, or what the plan says of the nth of its kind. */
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

/**
 * So often is garbage collected before what is there is taken for held: the engine itself holds things for a while, such as
 * what a function it is compiling refers to. What is held by a program stays.
 */
const COLLECTIONS = 5

/** Which of what is reported each part of a sabotage breaks. */
const STRUCK: Partial<Record<Sabotage['part'], Registration['at']>> = {
  'hook-register': 'register',
  'hook-lost': 'register',
  'hook-release': 'release',
}

function addToCount(hooks: Map<string, number> | undefined, hook: string, by: number): void {
  hooks?.set(hook, Math.max(0, (hooks.get(hook) ?? 0) + by))
}

/** Has all garbage collected. False: this process cannot (`--expose-gc`). */
async function collectGarbage(): Promise<boolean> {
  const { gc } = globalThis
  if (gc === undefined) return false
  // What a turn of the event loop has dereferenced is held until it ends.
  await waitForNextTurn()
  gc()
  await waitForNextTurn()
  return true
}

function waitForNextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
