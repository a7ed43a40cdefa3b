import { expect, it } from 'vitest'
import { createService } from './service/service.ts'
import { openTransport } from './transports.ts'

const STREAMS = 500

it('serves 500 streams at once over HTTP, each whole and in order', async () => {
  const service = createService({
    script: ({ body }) => ({
      items: [{ type: 'text', text: `This is the answer to ${JSON.stringify(body.input)}.` }],
    }),
  })
  const transport = await openTransport('http', service.handlers)
  const ask = async (at: number) => {
    const response = await fetch(`${transport.baseURL}/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-5.1', input: `question ${at}`, stream: true }),
    })
    return (await response.text()).split('\n\n').flatMap((block) => {
      const [, data] = /^data: (.*)$/m.exec(block) ?? []
      return data === undefined
        ? []
        : [JSON.parse(data) as { sequence_number: number; type: string; delta?: string }]
    })
  }
  try {
    const answers = await Promise.all(Array.from({ length: STREAMS }, (_, at) => ask(at)))
    for (const [at, events] of answers.entries()) {
      expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, place) => place))
      const deltas = events.filter(({ type }) => type === 'response.output_text.delta')
      expect(deltas.map(({ delta }) => delta).join('')).toBe(`This is the answer to "question ${at}".`)
      expect(events.at(-1)?.type).toBe('response.completed')
    }
  } finally {
    await transport.close()
  }
})
