import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { isLoopback } from './loopback.ts'
import type { Guard, Hear } from './sockets.ts'

type Ask = (this: unknown, name: unknown, ...rest: unknown[]) => unknown

/** Every function by which Node asks for a name or an address. */
const ASKING = /^(lookup|lookupService|reverse|resolve\w*)$/

/** Answers questions for this machine's own names only. Any other is reported and answered with ENOTFOUND: a name that is asked for leaves the machine. */
export function guardNames(hear: Hear): Guard {
  const own = hostname()
  const isOurs = (name: unknown) =>
    typeof name !== 'string' || isLoopback(name) || isIP(name) !== 0 || name === own || name === ''
  const refuse = (name: unknown) => {
    hear(`dns ${name}`)
    return Object.assign(new Error(`conformance: no such name ${name}`), {
      code: 'ENOTFOUND',
      hostname: name,
    })
  }
  const byCallback = (ask: Ask): Ask =>
    function (this: unknown, name, ...rest) {
      if (isOurs(name)) return ask.call(this, name, ...rest)
      const error = refuse(name)
      const done = rest.at(-1)
      if (typeof done === 'function') process.nextTick(done as () => void, error)
      return {}
    }
  const byPromise = (ask: Ask): Ask =>
    function (this: unknown, name, ...rest) {
      return isOurs(name) ? ask.call(this, name, ...rest) : Promise.reject(refuse(name))
    }
  const releases = [
    ...replaceAsking(dns, byCallback),
    ...replaceAsking(dns.promises, byPromise),
    ...replaceAsking(dns.Resolver.prototype, byCallback),
    ...replaceAsking(dns.promises.Resolver.prototype, byPromise),
  ]
  syncBuiltinESMExports()
  return {
    release() {
      for (const release of releases) release()
      syncBuiltinESMExports()
    },
  }
}

function replaceAsking(owner: object, wrap: (ask: Ask) => Ask): (() => void)[] {
  const functions = owner as Record<string, Ask>
  const names = new Set<string>()
  for (let one: object | null = owner; one && one !== Object.prototype; one = Object.getPrototypeOf(one))
    for (const name of Object.getOwnPropertyNames(one)) if (ASKING.test(name)) names.add(name)
  return [...names].map((name) => {
    const before = Object.getOwnPropertyDescriptor(owner, name)
    const ask = functions[name] as Ask
    const guarded = wrap(ask)
    Object.defineProperty(owner, name, {
      configurable: true,
      writable: true,
      enumerable: true,
      value: guarded,
    })
    return () => {
      if (functions[name] !== guarded) return
      if (before) Object.defineProperty(owner, name, before)
      else delete functions[name]
    }
  })
}
