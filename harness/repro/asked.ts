/** The parts of a request for a response that scripts and the harness compare. */
export interface RequestSummary {
  /** The `previous_response_id` or the conversation that the request continues, or an empty text. */
  from: string
  /** The input items, one text for each. */
  input: string[]
}

/** What can be observed of a plan's runs without the harness. The keys of the records are runs. */
export interface Observations {
  outcomes: Record<string, string>
  /** The text that the consumer got from updates. */
  updates: Record<string, string>
  hooks: Record<string, string[]>
  /** The requests for a response, in order. */
  requests: RequestSummary[]
  /** The name of each span, its state (`ended`, `failed` or `open`), its tokens, and the name of its parent. Sorted. */
  spans: string[]
  /** The names of the spans that contain a text of a conversation. Sorted. */
  holding: string[]
  /** Whether anything was written to stderr. */
  stderr: boolean
}

/** Returns observations without content. */
export function createObservations(): Observations {
  return { outcomes: {}, updates: {}, hooks: {}, requests: [], spans: [], holding: [], stderr: false }
}

export function formatOutcome(
  status: string,
  said: string,
  usage?: { input: number; output: number },
): string {
  return `${status}: ${said}${usage === undefined ? '' : ` [${usage.input} + ${usage.output} tokens]`}`
}

export function formatSpan(
  name: string,
  fate: string,
  above: string | undefined,
  input: unknown,
  output: unknown,
): string {
  const tokens = input === undefined ? '' : ` [${input} + ${output} tokens]`
  return `${name} ${fate}${tokens}${above === undefined ? '' : ` below ${above}`}`
}

/** Returns whether data contains a text of a conversation. All these texts have canaries. */
export function hasConversationCanary(data: string): boolean {
  return /canary-\d+\.\d+\.\d+-/.test(data)
}

/** Returns the parts of a request's body that decide how the service answers. */
export function summariseRequest(body: Record<string, unknown>): RequestSummary {
  const { previous_response_id: previous, conversation, messages, input = messages } = body
  const from = previous ?? conversation ?? ''
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : input
  return {
    from: typeof from === 'string' ? from : JSON.stringify(from),
    input: (Array.isArray(items) ? items : []).map(formatItem),
  }
}

function formatItem(item: Record<string, unknown>): string {
  const { type = 'message', role = '', tool_call_id: called = '', call_id: call = called } = item
  const { content, output, name = '' } = item
  const held = content ?? output ?? ''
  const parts = Array.isArray(held) ? held : [{ text: held }]
  const text = parts.map((part: { text?: unknown }) => part.text ?? '').join('')
  return [role === '' ? type : role, name, call, text].filter((word) => word !== '').join(' ')
}
