import type { JsonObject } from '../json.ts'
import { messageText } from './text.ts'
import type { Answer, CreateBody } from './types.ts'

/** A request for a response, as a script sees it; only first attempts are shown to it. */
export interface ScriptRequest {
  /** The request's number, from 1 over all of the service's requests. */
  number: number
  body: CreateBody
  /** The headers of the HTTP request. */
  headers: Headers
  /** The effective context: chain or conversation, then the input, references resolved. */
  context: readonly JsonObject[]
  /** Every text of instructions and context, one a line: where canaries are looked for. */
  text(): string
}

/** Who decides what is answered. Undefined: nothing is left; a plain answer is given and `request.unscripted` told. */
export type Script = (request: ScriptRequest) => Answer | undefined | Promise<Answer | undefined>

/** The answer to a request that no script answers. */
export const PLAIN_ANSWER: Answer = { items: [{ type: 'text', text: 'OK.' }] }

/**
 * A script that gives the answers in order, each once; `always` ones are never used up.
 * An answer with an `agent` waits for a request of that agent: `carries` tells whether a request is
 * (by default, whether the agent's name stands in its instructions or context).
 */
export function queueScript(
  answers: readonly Answer[],
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

export function scriptRequest(
  known: Pick<ScriptRequest, 'number' | 'body' | 'headers' | 'context'>,
): ScriptRequest {
  const { body, context } = known
  let text: string | undefined
  return {
    ...known,
    text() {
      text ??= [body['instructions'] ?? '', ...context.map(messageText)].join('\n')
      return text
    },
  }
}
