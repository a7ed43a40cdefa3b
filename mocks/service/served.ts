import { type HttpHandler, HttpResponse, http } from 'msw'
import { append } from '../append.ts'
import { MAX_DEPTH, parseJsonOrUndefined } from '../limits.ts'
import type { OpenSocket } from '../socket-server.ts'
import { answersSchema, describeProblem, scriptedAnswerSchema } from './answer-schema.ts'
import { PLAIN_ANSWER, queueScript, type Script } from './script.ts'
import { createService, type Service, type ServiceSetup } from './service.ts'
import type { ScriptedAnswer } from './types.ts'
import { answerAsModel } from './unscripted.ts'
import type { ServiceEvent } from './watch.ts'

/** The header with which a request brings its own answer, as JSON. That answer is used instead of the script. */
export const ANSWER_HEADER = 'x-conformance-answer'

/**
 * The number of service events that are kept. Older events are dropped, so that a long-lived server does not fill the
 * memory.
 */
const KEPT_EVENTS = 100_000

/** A service that clients control while it runs. */
export interface ServedService {
  handlers: HttpHandler[]
  /** Opens a WebSocket to the service as it is then. */
  openSocket: OpenSocket
  /** Returns the events since the last reset, oldest first. */
  events(): readonly ServiceEvent[]
}

/**
 * Creates a service with a small admin interface, for clients in any language:
 * - `GET /_conformance/events` returns the service events.
 * - `PUT /_conformance/script` replaces the script.
 * - `POST /_conformance/script` adds answers to the end of the script.
 * - `DELETE /_conformance` starts a fresh service without a script.
 */
export function createServedService(
  setup: ServiceSetup = {},
  answers: readonly ScriptedAnswer[] = [],
): ServedService {
  let events: ServiceEvent[] = []
  let left: ScriptedAnswer[] = [...answers]

  let isScripted = answers.length > 0

  const scripted: Script = (request) => {
    const own = request.headers.get(ANSWER_HEADER)
    if (own !== null) return parseHeaderAnswer(own)
    // The answers are taken from this list, so that answers can be added while the script is running.
    const [answer] = left
    if (answer === undefined) return undefined
    const taken = queueScript(left)(request)
    if (taken instanceof Promise || taken === undefined) return taken
    if (!taken.always) left.splice(left.indexOf(taken), 1)
    return taken
  }
  let service = start()

  function start(): Service {
    return createService({
      ...setup,
      script: scripted,
      // After the answers of a script, a call would be a surprise.
      unscripted: (request) => (isScripted ? PLAIN_ANSWER : answerAsModel(request)),
      watch: (event) => {
        if (events.push(event) > KEPT_EVENTS) events.shift()
        setup.watch?.(event)
      },
    })
  }
  const script = async (request: Request, change: (given: ScriptedAnswer[]) => void) => {
    const parsed = answersSchema.safeParse(parseJsonOrUndefined(await request.text()))
    if (!parsed.success) return buildRefusal(`the script: ${describeProblem(parsed.error)}`)
    change(parsed.data)
    isScripted = true
    return HttpResponse.json({ answers: left.length })
  }
  const api = ({ request }: { request: Request }) => {
    const own = request.headers.get(ANSWER_HEADER)
    const wrong = own === null ? undefined : findAnswerProblem(own)
    return wrong === undefined ? service.handle(request) : buildRefusal(`${ANSWER_HEADER}: ${wrong}`)
  }
  return {
    events: () => events,
    openSocket: (opened) => service.connect(opened),
    handlers: [
      http.get('*/_conformance/events', () => HttpResponse.json({ schema: 1, events })),
      http.put('*/_conformance/script', ({ request }) =>
        script(request, (given) => {
          left = given
        }),
      ),
      http.post('*/_conformance/script', ({ request }) => script(request, (given) => append(left, given))),
      http.delete('*/_conformance', () => {
        events = []
        left = []
        isScripted = false
        service = start()
        return new HttpResponse(null, { status: 204 })
      }),
      http.all('*/v1/*', api),
    ],
  }
}

function parseHeaderAnswer(text: string): ScriptedAnswer {
  return scriptedAnswerSchema.parse(JSON.parse(text))
}

function findAnswerProblem(text: string): string | undefined {
  const value = parseJsonOrUndefined(text)
  if (value === undefined) return `expected an answer as JSON, at most ${MAX_DEPTH} levels deep`
  const parsed = scriptedAnswerSchema.safeParse(value)
  return parsed.success ? undefined : describeProblem(parsed.error)
}

function buildRefusal(message: string) {
  const error = { message, type: 'invalid_request_error', param: null, code: 'conformance_admin' }
  return HttpResponse.json({ error }, { status: 400 })
}
