/** The behaviour of one tool call. */
export interface Act {
  kind: string
  value?: unknown
  message?: string
}

/** Returns the tools. Call k of a tool in a conversation does `does[k]`; later calls do the last entry. */
export function buildTools(waitForTurn: (what: string) => Promise<void>) {
  const calls = new Map<string, number>()
  return async (run: string, agent: string, tool: string, does: readonly Act[], signal?: AbortSignal) => {
    const key = `${run.split('.')[0]} ${agent} ${tool}`
    const place = calls.get(key) ?? 0
    calls.set(key, place + 1)
    const act = does[place] ?? does.at(-1)
    const stopped = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    await (act?.kind === 'hang' ? stopped : Promise.race([waitForTurn(`tool ${run} ${tool}`), stopped]))
    if (act?.kind === 'throw') throw new Error(act.message)
    const value = act?.kind === 'return' ? act.value : null
    return typeof value === 'string' ? value : JSON.stringify(value)
  }
}
