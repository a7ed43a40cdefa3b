import type { Json } from '../../mocks/json.ts'
import type { HistoryRecorder } from '../history/recorder.ts'
import type { ToolAct, ToolSpec } from '../plan/types.ts'
import type { ToolCall } from '../runtime.ts'

/**
 * The harness as the tool: each call does what its place in the conversation says, and is told to the history. A gated
 * act waits at `gate`.
 */
export function toolDesk(
  tools: readonly ToolSpec[],
  history: HistoryRecorder,
  gate?: (who: string) => Promise<void>,
): (call: ToolCall) => Promise<Json> {
  const calls = new Map<string, number>()
  return async ({ run, id, name, args }) => {
    const told = { run, name, ...(id === undefined ? {} : { call: id }) }
    history.add({ kind: 'tool.start', ...told, args })
    const place = calls.get(name) ?? 0
    calls.set(name, place + 1)
    const act = actFor(tools, name, place)
    if ('gated' in act && act.gated) await gate?.(`${run} ${name} ${place}`)
    if (act.kind === 'return') {
      history.add({ kind: 'tool.end', ...told, result: act.value })
      return act.value
    }
    const error = act.kind === 'throw' ? act.message : `a recording cannot ask a tool to do "${act.kind}"`
    history.add({ kind: 'tool.end', ...told, error })
    throw new Error(error)
  }
}

/** The k-th act of a tool; past the end, the last again. */
function actFor(tools: readonly ToolSpec[], name: string, place: number): ToolAct {
  const does = tools.find((tool) => tool.name === name)?.does ?? []
  return does[place] ?? does.at(-1) ?? { kind: 'throw', message: `no recorded call of ${name} has a result` }
}
