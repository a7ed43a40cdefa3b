/** What a request for a response carries. */
export interface Asked {
  /** The `previous_response_id` or the conversation object that it goes on from. */
  from: string
  input: string[]
}

/** What somebody without the harness can see of a plan's runs: by run where something belongs to one. */
export interface Seen {
  outcomes: Record<string, string>
  /** The text that was delivered. */
  updates: Record<string, string>
  hooks: Record<string, string[]>
  /** What each request for a response asked for, in order. */
  requests: Asked[]
  /** Each span's name, fate (`ended`, `failed` or `open`), tokens, and the name of the one above it; sorted. */
  spans: string[]
  /** Names of the spans that hold a text of a conversation; sorted. */
  holding: string[]
  /** Whether anything was written to stderr. */
  stderr: boolean
}

/** What is seen before anything is. */
export function nothingSeen(): Seen {
  return { outcomes: {}, updates: {}, hooks: {}, requests: [], spans: [], holding: [], stderr: false }
}

export function outcomeSeen(status: string, said: string, usage?: { input: number; output: number }): string {
  return `${status}: ${said}${usage === undefined ? '' : ` [${usage.input} + ${usage.output} tokens]`}`
}

export function spanSeen(
  name: string,
  fate: string,
  above: string | undefined,
  input: unknown,
  output: unknown,
): string {
  const tokens = input === undefined ? '' : ` [${input} + ${output} tokens]`
  return `${name} ${fate}${tokens}${above === undefined ? '' : ` below ${above}`}`
}

/** Whether a text of a conversation stands in it: each is marked. */
export function isText(data: string): boolean {
  return /canary-\d+\.\d+\.\d+-/.test(data)
}

/** What a request's body asks for, as far as it decides how the service answers. */
export function askedFor(body: Record<string, unknown>): Asked {
  const { previous_response_id: previous, conversation, messages, input = messages } = body
  const from = previous ?? conversation ?? ''
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : input
  return {
    from: typeof from === 'string' ? from : JSON.stringify(from),
    input: (Array.isArray(items) ? items : []).map(inWords),
  }
}

function inWords(item: Record<string, unknown>): string {
  const { type = 'message', role = '', tool_call_id: called = '', call_id: call = called } = item
  const { content, output, name = '' } = item
  const held = content ?? output ?? ''
  const parts = Array.isArray(held) ? held : [{ text: held }]
  const text = parts.map((part: { text?: unknown }) => part.text ?? '').join('')
  return [role === '' ? type : role, name, call, text].filter((word) => word !== '').join(' ')
}
