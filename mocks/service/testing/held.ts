import type { Gate, GatePoint } from '../watch.ts'

/** A gate that a test opens point by point. */
export interface HeldGate {
  gate: Gate
  /** Returns the points that wait, in order of arrival. */
  waiting(): GatePoint[]
  /** Opens the first waiting point of this request, or of any request. */
  open(request?: number): void
  /** Opens all points from now on. */
  release(): void
}

export function createHeldGate(): HeldGate {
  const held: { point: GatePoint; open(): void }[] = []
  let free = false
  return {
    gate: (point) => (free ? undefined : new Promise<void>((resolve) => held.push({ point, open: resolve }))),
    waiting: () => held.map(({ point }) => point),
    open(request) {
      const at = held.findIndex(({ point }) => request === undefined || point.request === request)
      if (at >= 0) held.splice(at, 1)[0]?.open()
    },
    release() {
      free = true
      for (const { open } of held.splice(0)) open()
    },
  }
}

/** Waits until everything that can continue without time has continued. */
export async function waitUntilSettled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
}
