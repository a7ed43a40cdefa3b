import { isObject, type JsonObject } from '../../../json.ts'
import { queueScript } from '../../script.ts'
import { createService, type ServiceSetup } from '../../service.ts'
import type { ScriptedAnswer } from '../../types.ts'

/** Returns an answer with one text. */
export const says = (text: string): ScriptedAnswer => ({ items: [{ type: 'text', text }] })

/** Opens a connection for a client that keeps what it is told. */
export function connect(setup: ServiceSetup & { answers?: ScriptedAnswer[] } = {}) {
  const { answers = [], ...rest } = setup
  const service = createService({ script: queueScript(answers), ...rest })
  const told: string[] = []
  const ends: string[] = []
  const listeners = new Set<() => void>()
  const tell = (list: string[], text: string) => {
    list.push(text)
    for (const listener of [...listeners]) listener()
  }
  const session = service.connect({
    url: 'http://127.0.0.1/v1/responses',
    headers: new Headers(),
    peer: {
      send: (text) => tell(told, text),
      close: (code) => tell(ends, `closed ${code}`),
      terminate: () => tell(ends, 'broken'),
    },
  })
  if ('rule' in session) throw new Error(`refused: ${session.rule}`)
  const events = () =>
    told.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text) as JsonObject)
  /** Resolves as soon as something holds. */
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!holds()) return
        listeners.delete(look)
        resolve()
      }
      listeners.add(look)
      look()
    })
  const isEnd = ({ type }: JsonObject) =>
    ['response.completed', 'response.incomplete', 'response.failed', 'error'].includes(String(type))
  let ended = 0
  return {
    service,
    session,
    told,
    ends,
    events,
    until,
    send: (message: JsonObject) => session.receive(JSON.stringify(message)),
    /** Sends a request for a response, and returns the events up to its end. */
    async create(body: JsonObject): Promise<JsonObject[]> {
      const from = told.length
      session.receive(JSON.stringify({ type: 'response.create', model: 'gpt-5.1', ...body }))
      ended++
      await until(() => events().filter(isEnd).length >= ended || ends.length > 0)
      return told.slice(from).map((text) => JSON.parse(text) as JsonObject)
    },
  }
}

/** Returns the response with which these events end. */
export function readResponse(events: readonly JsonObject[]): JsonObject {
  const response = events.at(-1)?.['response']
  if (!isObject(response)) throw new Error(`no response: ${JSON.stringify(events.at(-1))}`)
  return response
}
