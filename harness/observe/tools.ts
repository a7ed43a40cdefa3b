import type { Json } from '../../mocks/json.ts'
import type { ToolCall } from '../contract/runtime.ts'
import type { HistoryRecorder } from '../history/recorder.ts'
import type { AgentSpec, ToolAction, ToolSpec } from '../plan/types.ts'

/** How the tool calls of one conversation wait, and who hears of them. */
export interface ToolGate {
  /** Waits at a gate until the schedule opens it. `outlives`: also when the run is over. */
  arrive(who: string, run: string, outlives?: 'outlives'): Promise<void> | undefined
  /** Marks a call that hangs as held. */
  hold(who: string, run: string): void
  leave(who: string): void
  started(run: string): void
  /** Called when the adapter asks for a tool that the runtime must provide by itself. */
  misused(message: string): void
}

/**
 * Returns the tools of one conversation. Each call does what the plan says for its place in the conversation, and is
 * recorded.
 */
export function createTools(
  team: readonly AgentSpec[],
  history: HistoryRecorder,
  gate: ToolGate,
): (call: ToolCall) => Promise<Json> {
  const calls = new Map<string, number>()
  return async ({ run, id, name, agent, args, signal, cancellable = signal !== undefined, shield }) => {
    const told = { run, name, ...(id === undefined ? {} : { call: id }) }
    const caller = `${agent ?? ''}\n${name}`
    const place = calls.get(caller) ?? 0
    calls.set(caller, place + 1)
    const who = `${run} ${name} ${place}`
    const act = chooseAct(findTool(team, name, agent), name, place)
    const ignoresSignal = 'ignoresSignal' in act && act.ignoresSignal
    history.add({
      kind: 'tool.start',
      ...told,
      ...(agent === undefined ? {} : { agent }),
      args,
      ...(ignoresSignal ? { ignoresSignal } : cancellable ? { cancellable } : {}),
    })
    if (ignoresSignal) shield?.()
    gate.started(run)
    const stopped =
      act.kind === 'hang'
        ? await waitForAbort(who, run, gate, signal)
        : await waitAtGate(who, run, act, gate, signal)
    if (stopped) {
      history.add({ kind: 'tool.end', ...told, error: 'the run was stopped', cancelled: true })
      throw signal?.reason ?? new Error('the run was stopped')
    }
    if (act.kind === 'return') {
      history.add({ kind: 'tool.end', ...told, result: act.value })
      return act.value
    }
    if (act.kind === 'agent')
      gate.misused(`tool(): ${name} is the agent ${act.agent}, which the runtime must run`)
    const error = act.kind === 'throw' ? act.message : `${name} is an agent of the team`
    history.add({ kind: 'tool.end', ...told, error })
    throw new Error(error)
  }
}

/** Holds the call until the run is aborted. Never returns if the runtime does not tell its tools. */
async function waitForAbort(
  who: string,
  run: string,
  gate: ToolGate,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  gate.hold(who, run)
  await whenAborted(signal)
  gate.leave(who)
  return true
}

/** Waits at a gate if the plan says so. Returns whether the tool has noticed that the run was aborted meanwhile. */
async function waitAtGate(
  who: string,
  run: string,
  act: ToolAction,
  gate: ToolGate,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (!('gated' in act) || !act.gated) return false
  if (act.ignoresSignal) {
    await gate.arrive(who, run, 'outlives')
    return false
  }
  const opened = new AbortController()
  await Promise.race([gate.arrive(who, run), whenAborted(signal, opened.signal)])
  opened.abort()
  gate.leave(who)
  return signal?.aborted ?? false
}

/**
 * Resolves when the signal aborts. The listener is taken away when `over` aborts: a runtime can give its tools the signal of its
 * caller, and then a listener that stays would look like one of the runtime.
 */
function whenAborted(signal: AbortSignal | undefined, over?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve()
    signal?.addEventListener('abort', () => resolve(), { once: true, ...(over ? { signal: over } : {}) })
  })
}

function findTool(team: readonly AgentSpec[], name: string, agent: string | undefined): ToolSpec | undefined {
  const tools = team.filter((one) => agent === undefined || one.name === agent).flatMap(({ tools }) => tools)
  return tools.find((tool) => tool.name === name)
}

/** Returns what the tool does at its k-th call. After the last action, the last action is repeated. */
function chooseAct(tool: ToolSpec | undefined, name: string, place: number): ToolAction {
  const does = tool?.does ?? []
  return does[place] ?? does.at(-1) ?? { kind: 'throw', message: `there is no tool ${name}` }
}
