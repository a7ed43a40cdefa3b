import { AsyncLocalStorage } from 'node:async_hooks'

/** Watches the async contexts that a runtime enters with `enterWith`, which leak into its caller. */
export interface Contexts {
  /** Returns the current values of these contexts. */
  held(): ReadonlyMap<AsyncLocalStorage<unknown>, unknown>
  leaked(before: ReadonlyMap<AsyncLocalStorage<unknown>, unknown>): boolean
  /** Excludes a storage of the harness's own. */
  leaveOut(storage: AsyncLocalStorage<object>): void
  release(): void
}

/**
 * Watches each AsyncLocalStorage that is entered by `enterWith`. A context from `run` ends with the call, but a
 * context from `enterWith` stays for everything after it in the caller.
 */
export function watchContexts(): Contexts {
  const entered = new Set<AsyncLocalStorage<unknown>>()
  const leftOut = new WeakSet<object>()
  const { enterWith } = AsyncLocalStorage.prototype
  AsyncLocalStorage.prototype.enterWith = function (store) {
    // Node's own `run` calls `enterWith`.
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
