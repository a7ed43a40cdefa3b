import type { JsonObject } from '../json.ts'
import { readItemText } from './text.ts'
import type { CreateBody, ScriptedAnswer } from './types.ts'

/** A request for a response, as a script sees it. Scripts see no retries. */
export interface ScriptRequest {
  /** The number of the request, counted from 1 over all requests of the service. */
  number: number
  body: CreateBody
  headers: Headers
  /** The context: chain or conversation, then the input with references resolved. */
  context: readonly JsonObject[]
  /** Returns all texts of instructions and context, one per line. Canaries are searched here. */
  text(): string
}

/**
 * Decides what the service answers. If it returns undefined, the service gives a plain answer and reports
 * `request.unscripted`.
 */
export type Script = (
  request: ScriptRequest,
) => ScriptedAnswer | undefined | Promise<ScriptedAnswer | undefined>

/** The answer to a request without a scripted answer. */
export const PLAIN_ANSWER: ScriptedAnswer = { items: [{ type: 'text', text: 'OK.' }] }

/**
 * Returns a script that gives the answers in order. Each answer is used once; an `always` answer is never used up. An
 * answer with an `agent` waits for a request of that agent. `carries` tells whether a request comes from an agent; by
 * default it looks for the agent's name in the instructions and the context.
 */
export function queueScript(
  answers: readonly ScriptedAnswer[],
  carries: (agent: string, request: ScriptRequest) => boolean = (agent, request) =>
    request.text().includes(agent),
): Script {
  const left = [...answers]
  return (request) => {
    const at = left.findIndex(({ agent }) => agent === undefined || carries(agent, request))
    const answer = left[at]
    if (answer !== undefined && !answer.always) left.splice(at, 1)
    return answer
  }
}

export function buildScriptRequest(
  known: Pick<ScriptRequest, 'number' | 'body' | 'headers' | 'context'>,
): ScriptRequest {
  const { body, context } = known
  let text: string | undefined
  return {
    ...known,
    text() {
      text ??= [body['instructions'] ?? '', ...context.map(readItemText)].join('\n')
      return text
    },
  }
}
