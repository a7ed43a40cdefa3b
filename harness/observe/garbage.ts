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

/** Collects garbage. Returns false if this process cannot (it needs `--expose-gc`). */
export async function collectGarbage(): Promise<boolean> {
  const { gc } = globalThis
  if (gc === undefined) return false
  // An object that was dereferenced in a turn of the event loop is held until the turn ends.
  await waitForNextTurn()
  gc()
  await waitForNextTurn()
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
