import { toDifferingJson } from '../../mocks/differing-texts.ts'
import { type Json, type JsonObject, toCanonicalJson } from '../../mocks/json.ts'
import { parseArguments } from '../account/forms.ts'
import type { History, HistoryEvent } from '../contract/events.ts'
import type { Invariant, Violation } from './types.ts'

type ToolStart = Extract<HistoryEvent, { kind: 'tool.start' }>

export const onlyCompleteCallsRun: Invariant = {
  id: 'only-complete-calls-run',
  level: 'must',
  statement:
    'A tool runs once per call, under the name and with the arguments of that call. It runs only if the call arrived complete, in an answer that had not failed or broken before.',
  source:
    'https://github.com/earendil-works/pi/issues/9897, https://github.com/NousResearch/hermes-agent/issues/105189 (a tool is run with the arguments of a stream that was cut)',
  since: '0.1.0',
  needs: ['tools'],
  check(history) {
    const calls = createCallRecord()
    const found: Violation[] = []
    history.forEach((event, at) => {
      if (event.kind === 'tool.start') {
        const wrong = calls.run(event)
        if (wrong !== undefined)
          found.push({
            at,
            message: `run ${event.run} ran the tool ${event.name} ${wrong.what}`,
            cause: wrong.cause,
          })
      } else calls.see(event)
    })
    return found
  },
  countWitnesses: (history) => history.filter(({ kind }) => kind === 'tool.start').length,
}

type Ending = Extract<HistoryEvent, { kind: 'response.end' }>['how']

/** What is said of an answer whose calls must not run, by how the answer ended. */
const SPOILED: Record<Ending, string | undefined> = {
  completed: undefined,
  incomplete: undefined,
  failed: 'failed',
  cut: 'was cut off',
  http: undefined,
}

/** A function call that arrived complete. */
interface Call {
  request: number
  run: string | null
  name: string
  args: Json
  ran: boolean
}

/** Records the calls that have arrived, and the answers that failed. */
function createCallRecord() {
  const runs = new Map<number, string | null>()
  const calls = new Map<string, Call>()
  const spoiled = new Map<number, string>()
  const unrunOf = new Map<string, Call[]>()

  function came(request: number, item: JsonObject): void {
    const { type, call_id: id, name, arguments: args, status } = item
    if (type !== 'function_call' || typeof id !== 'string' || calls.has(id)) return
    if (status !== undefined && status !== 'completed') return
    const call = {
      request,
      run: runs.get(request) ?? null,
      name: String(name),
      args: parseArguments(String(args ?? '')),
      ran: false,
    }
    calls.set(id, call)
    const key = `${call.run} ${call.name}`
    const known = unrunOf.get(key)
    if (known) known.push(call)
    else unrunOf.set(key, [call])
  }

  /**
   * Returns the call of a tool run: by its id, or else a call of the same run, name and arguments that has not run yet. If an
   * answer failed and was asked for again, the call is taken from the second answer.
   */
  function calledBy({ call: id, run, name, args }: ToolStart): Call | undefined {
    if (id !== undefined) return calls.get(id)
    const wanted = toCanonicalJson(args)
    const called = unrunOf.get(`${run} ${name}`) ?? []
    const isWanted = (call: Call) => !call.ran && toCanonicalJson(call.args) === wanted
    return called.find((call) => !spoiled.has(call.request) && isWanted(call)) ?? called.find(isWanted)
  }

  return {
    see(event: History[number]): void {
      if (event.kind === 'request') runs.set(event.request, event.run)
      else if (event.kind === 'stream.event') {
        if (event.item !== undefined) came(event.request, event.item)
        if (event.type === 'garbage' || event.type === 'error') spoiled.set(event.request, 'was malformed')
      } else if (event.kind === 'response.end') {
        const why = SPOILED[event.how]
        if (why !== undefined) spoiled.set(event.request, why)
        else for (const item of event.response?.output ?? []) came(event.request, item)
      }
    },
    /** Records a tool run. Returns what is wrong with it, or undefined. */
    run(start: ToolStart): { what: string; cause: string } | undefined {
      const call = calledBy(start)
      if (call === undefined)
        return {
          what: `without a complete call${start.call === undefined ? '' : `: ${start.call} has not arrived`}`,
          cause: 'no complete call',
        }
      const again = call.ran
      call.ran = true
      if (again)
        return {
          what: `a second time for one call${start.call === undefined ? '' : ` (${start.call})`}`,
          cause: 'call run twice',
        }
      if (call.run !== null && call.run !== start.run)
        return { what: `for a call that belongs to run ${call.run}`, cause: 'call of another run' }
      const why = spoiled.get(call.request)
      if (why !== undefined)
        return {
          what: `for a call of request ${call.request}, but the answer to that request ${why}`,
          cause: `the answer ${why}`,
        }
      if (call.name !== start.name)
        return {
          what: `for the call ${start.call} of ${call.name}`,
          cause: 'another tool than the call names',
        }
      if (toCanonicalJson(call.args) === toCanonicalJson(start.args)) return undefined
      const [args, expected] = toDifferingJson(start.args, call.args)
      return {
        what: `with the arguments ${args}, expected ${expected} as in the call`,
        cause: 'other arguments',
      }
    },
  }
}
