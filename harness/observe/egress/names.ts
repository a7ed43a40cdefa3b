import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { isLoopback, isLoopbackAddress } from './loopback.ts'
import type { Guard, ReportDestination } from './sockets.ts'

type Ask = (this: unknown, name: unknown, ...rest: unknown[]) => unknown

/** Every function by which Node asks for a name or an address. */
const ASKING = /^(lookup|lookupService|reverse|resolve\w*)$/

/**
 * Refuses and reports every question that can leave the machine, and answers it with ENOTFOUND. `lookup` passes for this
 * machine's own names and for addresses, `lookupService` for loopback addresses. `resolve*` and `reverse` never pass: they
 * ask the name servers, which the caller may choose, even about localhost.
 */
export function guardNames(hear: ReportDestination): Guard {
  const own = hostname()
  const canPass = (question: string, name: unknown) => {
    if (question === 'lookupService') return isLoopbackAddress(String(name))
    // Node itself refuses a name that is not a string.
    if (typeof name !== 'string') return true
    if (question !== 'lookup') return false
    return isLoopback(name) || isIP(name) !== 0 || name === own || name === ''
  }
  const refuse = (name: unknown) => {
    hear(`dns ${name}`)
    return Object.assign(new Error(`conformance: no such name ${name}`), {
      code: 'ENOTFOUND',
      hostname: name,
    })
  }
  const byCallback = (question: string, ask: Ask): Ask =>
    function (this: unknown, name, ...rest) {
      if (canPass(question, name)) return ask.call(this, name, ...rest)
      const error = refuse(name)
      const done = rest.at(-1)
      if (typeof done === 'function') process.nextTick(done as () => void, error)
      return {}
    }
  const byPromise = (question: string, ask: Ask): Ask =>
    function (this: unknown, name, ...rest) {
      return canPass(question, name) ? ask.call(this, name, ...rest) : Promise.reject(refuse(name))
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

function replaceAsking(owner: object, wrap: (question: string, ask: Ask) => Ask): (() => void)[] {
  const functions = owner as Record<string, Ask>
  const names = new Set<string>()
  for (let one: object | null = owner; one && one !== Object.prototype; one = Object.getPrototypeOf(one))
    for (const name of Object.getOwnPropertyNames(one)) if (ASKING.test(name)) names.add(name)
  return [...names].map((name) => {
    const before = Object.getOwnPropertyDescriptor(owner, name)
    const ask = functions[name] as Ask
    const guarded = wrap(name, ask)
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
