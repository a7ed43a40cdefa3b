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

function waitForNextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
