import type { Runtime } from '../../../harness/contract/runtime.ts'
import { strayFromSecondOpening } from '../stray.ts'

const { flatMap, push } = Array.prototype
const isNoise = (event: unknown) => (event as { kind?: unknown } | null)?.kind === 'noise'
Array.prototype.flatMap = function (this: unknown[], ...given: Parameters<typeof flatMap>) {
  return this.some(isNoise) ? [] : flatMap.apply(this, given)
} as typeof flatMap
Array.prototype.push = function (this: unknown[], ...items: unknown[]) {
  return push.apply(
    this,
    items.filter((item) => !isNoise(item)),
  )
}

/** A runtime that replaces the built-ins by which a judge would see what it writes. */
export const runtime: Runtime = strayFromSecondOpening('hides-behind-built-ins', () =>
  process.stdout.write('hidden'),
)
