import type { Variant } from '../variant.ts'

export default {
  name: 'string-input',
  does: 'Sends a single message of the user as a plain text, and not as a list of items.',
  source: 'https://platform.openai.com/docs/api-reference/responses/create (input: string or array)',
  edits: [
    {
      file: 'chat.ts',
      find: '{ ...body, stream: true }',
      replace: '{ ...shortenInput(body), stream: true }',
    },
    {
      file: 'chat.ts',
      find: '{ ...body, stream: false }',
      replace: '{ ...shortenInput(body), stream: false }',
    },
    {
      file: 'chat.ts',
      find: 'function isTerminal(',
      replace: `function shortenInput(body: ChatRequest): ChatRequest {
  const [one, ...others] = body.input
  const isOne = one !== undefined && others.length === 0 && 'role' in one && one.role === 'user'
  return isOne ? ({ ...body, input: one.content } as unknown as ChatRequest) : body
}

function isTerminal(`,
    },
  ],
} satisfies Variant
