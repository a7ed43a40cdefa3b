import { AsyncLocalStorage } from 'node:async_hooks'

/** The async contexts that a runtime enters for good, which then are its consumer's as well. */
export interface Contexts {
  /** What those hold here; `leaked` tells whether that has changed since. */
  held(): ReadonlyMap<AsyncLocalStorage<unknown>, unknown>
  leaked(before: ReadonlyMap<AsyncLocalStorage<unknown>, unknown>): boolean
  /** Leaves out a storage of the harness's own, which is only run in: there is one for each run of a plan. */
  leaveOut(storage: AsyncLocalStorage<object>): void
  release(): void
}

/**
 * Hears of each AsyncLocalStorage that is entered by `enterWith`: what is run in a context leaves it again, what is entered
 * stays for all that comes after in the caller. Nothing else of a context can reach a caller.
 */
export function watchContexts(): Contexts {
  const entered = new Set<AsyncLocalStorage<unknown>>()
  const leftOut = new WeakSet<object>()
  const { enterWith } = AsyncLocalStorage.prototype
  AsyncLocalStorage.prototype.enterWith = function (store) {
    // Node's own `run` enters as well.
    if (!leftOut.has(this)) entered.add(this)
    return Reflect.apply(enterWith, this, [store]) as undefined
  }
  return {
    held: () => new Map([...entered].map((storage) => [storage, storage.getStore()])),
    leaked: (before) => [...entered].some((storage) => storage.getStore() !== before.get(storage)),
    leaveOut: (storage) => void leftOut.add(storage),
    release() {
      AsyncLocalStorage.prototype.enterWith = enterWith
    },
  }
}
