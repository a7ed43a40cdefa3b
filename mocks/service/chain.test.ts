import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../json.ts'
import { readLineage } from './ids.ts'
import { queueScript } from './script.ts'
import { createService } from './service.ts'
import { answers, functionTool, TOOLS, texts } from './testing/arbitraries.ts'
import { callService } from './testing/calls.ts'
import type { Answer } from './types.ts'
import type { RequestSeen, ServiceEvent } from './watch.ts'

const tools = TOOLS.map(functionTool)

/** Runs a chain of turns with all calls answered. Returns the responses. */
async function chainOfTurns(
  script: readonly Parameters<typeof queueScript>[0][number][],
  says: readonly string[],
) {
  const contexts: JsonObject[][] = []
  const service = createService({
    script: queueScript([...script, { items: [{ type: 'text', text: 'Else.' }], always: true }]),
    watch: (event: ServiceEvent) => {
      if (event.type === 'request') contexts.push([...((event.request as RequestSeen).context ?? [])])
    },
  })
  const responses: JsonObject[] = []
  for (const text of says) {
    const previous = responses.at(-1)
    const open = ((previous?.['output'] ?? []) as JsonObject[]).filter(({ type }) => type === 'function_call')
    const outputs = open.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: text }))
    const input = [...outputs, { role: 'user', content: text }]
    const body = {
      model: 'm',
      input,
      tools,
      instructions: 'Be brief.',
      previous_response_id: previous?.['id'] ?? null,
    }
    responses.push((await callService(service, 'POST', '/responses', body)).json)
  }
  return { responses, contexts, service }
}

/** A chain cannot continue after a bare reasoning item (SERVICE-FACTS 1). */
const continuable = answers.map((answer) => ({
  items:
    answer.items.at(-1)?.type === 'reasoning'
      ? [...answer.items, { type: 'text' as const, text: 'So.' }]
      : answer.items,
}))
const chains = fc.tuple(
  fc.array(continuable, { maxLength: 4 }),
  fc.array(texts, { minLength: 2, maxLength: 5 }),
)

describe('a chain of responses', () => {
  it('adds its usage up: prior input, prior output, new input, a small overhead (SERVICE-FACTS 11)', async () => {
    await fc.assert(
      fc.asyncProperty(chains, async ([script, says]) => {
        const { responses } = await chainOfTurns(script, says)
        const usages = responses.map(({ usage }) => usage as Record<string, number>)
        for (const [at, usage] of usages.entries()) {
          expect(usage['total_tokens']).toBe((usage['input_tokens'] ?? 0) + (usage['output_tokens'] ?? 0))
          const before = usages[at - 1]
          if (before === undefined) continue
          const grown = (usage['input_tokens'] ?? 0) - (before['total_tokens'] ?? 0)
          const own = Math.ceil((says[at]?.length ?? 0) / 4)
          // Each item between two turns has a few tokens in addition to its text. There are at most four items and
          // their outputs.
          expect(grown).toBeGreaterThanOrEqual(own)
          expect(grown).toBeLessThanOrEqual(own * 5 + 3 * 10)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('has one lineage, in every id of every response and item (SERVICE-FACTS 5)', async () => {
    await fc.assert(
      fc.asyncProperty(chains, async ([script, says]) => {
        const { responses } = await chainOfTurns(script, says)
        const ids = responses.flatMap(({ id, output }) => [
          String(id),
          ...(output as JsonObject[]).map((item) => String(item['id'])),
        ])
        expect(new Set(ids.map(readLineage)).size).toBe(1)
        expect(new Set(ids).size).toBe(ids.length)
        for (const { id, created_at } of responses) {
          expect(id).toMatch(/^resp_[0-9a-f]{50}$/)
          expect(String(id).slice(5 + 16, 5 + 18)).toBe('00')
          expect(Number.parseInt(String(id).slice(5 + 18, 5 + 26), 16)).toBe(created_at)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('gives each request the whole context, each item once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(chains, async ([script, says]) => {
        const { contexts, responses } = await chainOfTurns(script, says)
        for (const [at, context] of contexts.entries()) {
          const users = context
            .filter(({ role }) => role === 'user')
            .map(({ content }) =>
              typeof content === 'string' ? content : (content as JsonObject[])[0]?.['text'],
            )
          expect(users).toEqual(says.slice(0, at + 1))
          const spoken = responses
            .slice(0, at)
            .flatMap(({ output }) => (output as JsonObject[]).map(({ id }) => id))
          const own = context
            .filter(({ id, type }) => id !== undefined && (spoken.includes(id) || type === 'reasoning'))
            .map(({ id }) => id)
          expect(own).toEqual(spoken)
        }
      }),
      { numRuns: 40 },
    )
  })

  it.each([
    ['without its output', []],
    ['with its output, two turns on', [{ type: 'function_call_output' as const, output: 'Not run.' }]],
  ])('goes on from a call that was cut behind its reasoning, %s', async (_, outputs) => {
    const items: Answer['items'] = [
      { type: 'reasoning', summary: [], encrypted: false },
      { type: 'call', tool: 'get_weather', args: { city: 'Oslo' } },
    ]
    const service = createService({
      script: queueScript([{ items, faults: [{ kind: 'incomplete', at: 6, reason: 'max_output_tokens' }] }]),
    })
    const ask = (input: unknown, previous?: unknown) =>
      callService(service, 'POST', '/responses', {
        model: 'm',
        input,
        tools,
        previous_response_id: previous ?? null,
      })
    const cut = await ask('one')
    const [, open] = cut.json['output'] as JsonObject[]
    expect([cut.json['status'], open?.['status']]).toEqual(['incomplete', 'incomplete'])
    const answered = outputs.map((output) => ({ ...output, call_id: open?.['call_id'] }))
    const next = await ask([...answered, { role: 'user', content: 'two' }], cut.json['id'])
    const last = await ask('three', next.json['id'])
    expect([next.status, last.status]).toEqual([200, 200])
  })

  it('branches: two requests on one predecessor each get their own continuation (SERVICE-FACTS 5)', async () => {
    const { service, responses } = await chainOfTurns([], ['one', 'two'])
    const id = responses[0]?.['id']
    const [left, right] = await Promise.all(
      ['left', 'right'].map((input) =>
        callService(service, 'POST', '/responses', { model: 'm', input, previous_response_id: id }),
      ),
    )
    expect([left?.status, right?.status]).toEqual([200, 200])
    expect(left?.json['id']).not.toBe(right?.json['id'])
    const list = await callService(service, 'GET', `/responses/${String(left?.json['id'])}/input_items`)
    expect(
      (list.json['data'] as JsonObject[]).map(({ role, content }) => [
        role,
        (content as JsonObject[])[0]?.['text'],
      ]),
    ).toEqual([
      ['user', 'left'],
      ['assistant', 'Else.'],
      ['user', 'one'],
    ])
  })
})
