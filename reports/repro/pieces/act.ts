/** What a call of a tool does. */
export interface Act {
  kind: string
  value?: unknown
  message?: string
}

/** The tools: the k-th call of one within a conversation does `does[k]`, then the last again. */
export function acting(turnOf: (what: string) => Promise<void>) {
  const calls = new Map<string, number>()
  return async (run: string, agent: string, tool: string, does: readonly Act[], signal?: AbortSignal) => {
    const key = `${run.split('.')[0]} ${agent} ${tool}`
    const place = calls.get(key) ?? 0
    calls.set(key, place + 1)
    const act = does[place] ?? does.at(-1)
    const stopped = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    await (act?.kind === 'hang' ? stopped : Promise.race([turnOf(`tool ${run} ${tool}`), stopped]))
    if (act?.kind === 'throw') throw new Error(act.message)
    const value = act?.kind === 'return' ? act.value : null
    return typeof value === 'string' ? value : JSON.stringify(value)
  }
}
