import type { Gate, GatePoint } from '../watch.ts'

/** A gate that stays closed until it is opened by hand, point by point. */
export interface HeldGate {
  gate: Gate
  /** The points that wait now, in the order in which they came. */
  waiting(): GatePoint[]
  /** Opens the first point that waits for this request, or for any. */
  open(request?: number): void
  /** Lets everything pass from now on. */
  release(): void
}

export function heldGate(): HeldGate {
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

/** Lets everything that can go on go on, without time. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
}
