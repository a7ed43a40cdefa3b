import { describe, expect, it } from 'vitest'
import { createHeldGate, waitUntilSettled } from '../../mocks/service/testing/held.ts'
import { buildCall, buildText, buildTool, collectRun, createStage } from './testing/stage.ts'

const noon = [{ items: [buildText('It is noon, or nearly so.')] }, { items: [buildText('Next.')] }]

describe('a stopped run', () => {
  it.each(['abort', 'return', 'cancel'] as const)('by %s: cancels its request and is silent', async (how) => {
    const held = createHeldGate()
    const stage = await createStage(noon, { gate: held.gate })
    const log: string[] = []
    const agent = stage.agent({ contextProviders: [{ afterRun: () => void log.push('after') }] })
    const control = new AbortController()
    const session = agent.createSession('previous-response')
    const stream = agent.run('What time is it?', { session, signal: control.signal })
    const iterator = stream[Symbol.asyncIterator]()
    const first = iterator.next()
    for (let events = 0; events < 6; events++) {
      await waitUntilSettled()
      held.open()
    }
    expect(await first).toMatchObject({ value: { type: 'text' } })
    const pending = how === 'return' ? undefined : iterator.next().catch((error: Error) => error.name)
    if (how === 'abort') control.abort()
    else if (how === 'return') await iterator.return?.()
    else await stream.cancel()
    expect((await stream.waitForEnding()).kind).toBe('stopped')
    expect(await pending).toBe(how === 'return' ? undefined : 'AbortError')
    await waitUntilSettled()
    expect([log, stage.cancelled, stage.requests.length]).toEqual([[], [1], 1])
    held.release()
    const { text } = await agent.run('And now?', { session }).getFinalResponse()
    expect([text, stage.refused]).toEqual(['Next.', []])
  })

  it('in a tool: tells the tool, waits for none that does not listen, and asks no more', async () => {
    const stage = await createStage([{ items: [buildCall('listens'), buildCall('ignores')] }, ...noon])
    const control = new AbortController()
    const signals: AbortSignal[] = []
    const tools = ['listens', 'ignores'].map((name) =>
      buildTool(name, (_, { signal }) => {
        signals.push(signal)
        if (name === 'ignores') control.abort()
        return new Promise(() => {})
      }),
    )
    const { ending } = await collectRun(stage.agent({ tools }).run('Go', { signal: control.signal }))
    expect(ending.kind).toBe('stopped')
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
    expect(stage.requests).toHaveLength(1)
  })

  it('with an agent in a tool: stops that, too', async () => {
    const held = createHeldGate()
    const stage = await createStage([{ items: [buildCall('ask', { task: 'inner' })] }, ...noon], {
      gate: (point) => (point.request === 2 ? held.gate(point) : undefined),
    })
    const cleaned: string[] = []
    const inner = stage.agent({ name: 'inner' })
    const outer = stage.agent({ tools: [inner.asTool({ name: 'ask' })] })
    const stream = outer.run('outer').withCleanupHook(({ kind }) => void cleaned.push(kind))
    const taken = collectRun(stream)
    await waitUntilSettled()
    expect(held.waiting()).toHaveLength(1)
    await stream.cancel()
    expect((await taken).ending.kind).toBe('stopped')
    await waitUntilSettled()
    expect([cleaned, stage.requests.length, stage.cancelled]).toEqual([['stopped'], 2, [2]])
  })
})
