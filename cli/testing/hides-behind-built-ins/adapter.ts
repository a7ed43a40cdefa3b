import type { Runtime } from '../../../harness/runtime.ts'
import { strayFromSecondOpening } from '../stray.ts'

const { push } = Array.prototype
Array.prototype.flatMap = () => []
Array.prototype.push = function (this: unknown[], ...items: unknown[]) {
  return push.apply(
    this,
    items.filter((item) => !String((item as { message?: string })?.message).includes('hidden')),
  )
}

/** A runtime that replaces what a judge of it would use. */
export const runtime: Runtime = strayFromSecondOpening('hides-behind-built-ins', () =>
  process.stdout.write('hidden'),
)
