import v8 from 'node:v8'
import vm from 'node:vm'

/** Lets this process collect garbage as a worker does, which is started with `--expose-gc`. Returns a function that undoes it. */
export function exposeGarbageCollection(): () => void {
  const own = globalThis.gc
  if (own === undefined) {
    v8.setFlagsFromString('--expose-gc')
    globalThis.gc = vm.runInNewContext('gc') as NonNullable<typeof gc>
  }
  return () => {
    if (own === undefined) Reflect.deleteProperty(globalThis, 'gc')
  }
}

/** How often all garbage is collected before a living object counts as held. The engine may hold an object for a while. */
const COLLECTIONS = 5

/**
 * Collects garbage until nothing is held any more: first what is young, because that is a hundred times as fast, then all of it, a
 * few times. `countHeld` returns how many objects are held; up to `allowed` of them may stay. Returns false if this process cannot
 * collect garbage (it needs `--expose-gc`).
 */
export async function collectUntilFree(countHeld: () => number, allowed = 0): Promise<boolean> {
  const { gc } = globalThis
  if (gc === undefined) return false
  await collectYoungGarbage()
  await waitForNextTurn()
  if (countHeld() === 0) return true
  for (let time = 0; time < COLLECTIONS; time++) {
    // An object that was dereferenced in a turn of the event loop is held until the turn ends.
    await waitForNextTurn()
    gc()
    await waitForNextTurn()
    if (countHeld() <= allowed) break
  }
  return true
}

/**
 * Collects what was made a short time ago, such as a run that its consumer has just dropped. Takes about a millisecond; a
 * whole collection takes a hundred times as long. Does nothing if this process cannot collect garbage.
 */
export async function collectYoungGarbage(): Promise<void> {
  const { gc } = globalThis
  if (gc === undefined) return
  await waitForNextTurn()
  gc({ execution: 'sync', type: 'minor' })
}

function waitForNextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
