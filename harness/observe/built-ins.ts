import { AdapterFault } from '../contract/runtime.ts'

// Read when this file is loaded, before any runtime is loaded. The code below must not use anything that a runtime
// may have replaced.
const { getOwnPropertyDescriptor, getPrototypeOf, defineProperty, create, is } = Object
const { ownKeys, deleteProperty } = Reflect
const { Set: OwnSet } = globalThis

/** One property of a built-in object. `descriptor` undefined: there is no such property. */
interface Place {
  owner: object
  ownerName: string
  key: PropertyKey
  descriptor: PropertyDescriptor | undefined
}

/** The constructors and objects of the language that the harness uses to judge. */
const NAMES = (
  'Object Function Array Number Boolean String Symbol BigInt Date Promise RegExp Error TypeError RangeError ' +
  'AggregateError ArrayBuffer DataView Uint8Array Map Set WeakMap WeakSet WeakRef Proxy Reflect JSON Math Iterator Buffer'
).split(' ')

/**
 * Keeps the built-in objects of the language as they were before a runtime was loaded. A runtime may replace some,
 * such as `Array.prototype.filter`. Its own are in place while a plan runs; the harness judges with the originals.
 */
export class BuiltIns {
  readonly #owners: readonly { owner: object; name: string; keys: number }[]
  readonly #places: readonly Place[]
  #theirs: readonly Place[] = []
  readonly #names: string[] = []

  constructor() {
    const owners: { owner: object; name: string; keys: number }[] = []
    const places: Place[] = []
    for (const [owner, ownerName] of listOwners()) {
      const keys = ownKeys(owner)
      owners.push({ owner, name: ownerName, keys: keys.length })
      for (const key of keys)
        places.push({ owner, ownerName, key, descriptor: getOwnPropertyDescriptor(owner, key) })
    }
    const global = globalThis as object
    for (const key of ownKeys(global)) {
      const descriptor = getOwnPropertyDescriptor(global, key)
      // Getters of the global object load parts of Node when they are called. They do not belong to the language.
      if (descriptor !== undefined && 'value' in descriptor)
        places.push({ owner: global, ownerName: 'globalThis', key, descriptor })
    }
    this.#owners = owners
    this.#places = places
  }

  /** Returns the names of built-ins that the runtime replaced or added, for example `Array.prototype.filter`. */
  get replaced(): readonly string[] {
    return this.#names
  }

  /** Runs `work` with the built-ins as the runtime left them, then puts the originals back. */
  async asRuntimeHas<T>(work: () => Promise<T>): Promise<T> {
    for (let at = 0; at < this.#theirs.length; at++) restore(this.#theirs[at] as Place)
    try {
      return await work()
    } finally {
      this.restore()
    }
  }

  /** Puts the originals back. Throws an `AdapterFault` if the runtime has made a replacement permanent. */
  restore(): void {
    const theirs: Place[] = []
    for (let at = 0; at < this.#places.length; at++) {
      const place = this.#places[at] as Place
      if (isUnchanged(place)) continue
      theirs[theirs.length] = { ...place, descriptor: getOwnPropertyDescriptor(place.owner, place.key) }
      restore(place)
    }
    for (let at = 0; at < this.#owners.length; at++) this.#takeAdded(at, theirs)
    this.#theirs = theirs
    for (let at = 0; at < theirs.length; at++) this.#remember(formatName(theirs[at] as Place))
  }

  /** Removes what was added to an object that still has all its own properties. */
  #takeAdded(at: number, theirs: Place[]): void {
    const { owner, name, keys } = this.#owners[at] as { owner: object; name: string; keys: number }
    const now = ownKeys(owner)
    if (now.length === keys) return
    const known = create(null) as Record<PropertyKey, true>
    for (let place = 0; place < this.#places.length; place++) {
      const one = this.#places[place] as Place
      if (one.owner === owner) known[one.key] = true
    }
    for (let key = 0; key < now.length; key++) {
      const added = now[key] as PropertyKey
      if (known[added]) continue
      theirs[theirs.length] = {
        owner,
        ownerName: name,
        key: added,
        descriptor: getOwnPropertyDescriptor(owner, added),
      }
      restore({ owner, ownerName: name, key: added, descriptor: undefined })
    }
  }

  #remember(name: string): void {
    for (let at = 0; at < this.#names.length; at++) if (this.#names[at] === name) return
    this.#names[this.#names.length] = name
  }
}

/**
 * Returns every constructor and its prototype, and the prototypes that only iterators and async functions have, with
 * their names.
 */
function listOwners(): [object, string][] {
  const found: [object, string][] = []
  const seen = new OwnSet<object>()
  const add = (owner: unknown, name: string) => {
    if ((typeof owner !== 'object' && typeof owner !== 'function') || owner === null || seen.has(owner))
      return
    seen.add(owner)
    found.push([owner, name])
  }
  for (const name of NAMES) {
    const owner = (globalThis as unknown as Record<string, unknown>)[name]
    add(owner, name)
    if (typeof owner === 'function') add(owner.prototype, `${name}.prototype`)
  }
  const hidden: [string, object][] = [
    ['TypedArray.prototype', getPrototypeOf(Uint8Array.prototype)],
    ['ArrayIterator.prototype', getPrototypeOf([][Symbol.iterator]())],
    ['MapIterator.prototype', getPrototypeOf(new Map().entries())],
    ['SetIterator.prototype', getPrototypeOf(new OwnSet().values())],
    ['StringIterator.prototype', getPrototypeOf(''[Symbol.iterator]())],
    ['RegExpStringIterator.prototype', getPrototypeOf(''.matchAll(/a/g))],
    ['Generator.prototype', getPrototypeOf((function* () {})()) as object],
    ['AsyncGenerator.prototype', getPrototypeOf((async function* () {})()) as object],
  ]
  for (const [name, owner] of hidden) {
    add(owner, name)
    add(getPrototypeOf(owner), `${name} above`)
  }
  return found
}

/** Returns whether a property has not changed. */
function isUnchanged({ owner, key, descriptor }: Place): boolean {
  const now = getOwnPropertyDescriptor(owner, key)
  if (now === undefined || descriptor === undefined) return now === descriptor
  return is(now.value, descriptor.value) && now.get === descriptor.get && now.set === descriptor.set
}

function restore({ owner, ownerName, key, descriptor }: Place): void {
  try {
    if (descriptor !== undefined) defineProperty(owner, key, descriptor)
    else if (!deleteProperty(owner, key)) throw new TypeError('it cannot be deleted')
  } catch {
    throw new AdapterFault(
      `the runtime has replaced ${formatName({ owner, ownerName, key, descriptor })} for good, expected a built-in that can be put back: nothing can be judged beside it`,
    )
  }
}

function formatName({ ownerName, key }: Place): string {
  if (typeof key === 'symbol') return `${ownerName}[${key.description}]`
  return ownerName === 'globalThis' ? `${key}` : `${ownerName}.${key}`
}
