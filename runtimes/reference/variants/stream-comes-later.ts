import type { Variant } from '../variant.ts'

export default {
  name: 'stream-comes-later',
  does: 'Gives its consumer the stream of a run only when the request of the run has been sent.',
  source: 'https://openai.github.io/openai-agents-js/guides/streaming/ (run() resolves with the stream)',
  edits: [
    {
      file: 'driven-run.ts',
      find: '  const done = { done: true, value: undefined } as const\n',
      replace: `  const done = { done: true, value: undefined } as const
  let first: ReturnType<typeof iterator.next> | undefined
  const opened = new Promise((resolve) => setTimeout(resolve, 5)).then(() => {
    if (!request.stream) return
    first = iterator.next()
    first.catch(() => {})
    return new Promise((resolve) => setTimeout(resolve, 5))
  })
  const pullNext = () => {
    const pulled = first ?? iterator.next()
    first = undefined
    return pulled
  }
`,
    },
    {
      file: 'driven-run.ts',
      find: '        const pulled = await iterator.next()',
      replace: '        await opened\n        const pulled = await pullNext()',
    },
    {
      file: 'driven-run.ts',
      find: '      await iterator.return?.()',
      replace: '      await opened\n      await iterator.return?.()',
    },
    {
      file: 'driven-run.ts',
      find: 'outcome: async () => buildOutcome(await stream.waitForEnding(), told)',
      replace: 'outcome: async () => buildOutcome(await opened.then(() => stream.waitForEnding()), told)',
    },
  ],
} satisfies Variant
