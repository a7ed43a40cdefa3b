import type { Variant } from '../variant.ts'

export default {
  name: 'tool-errors-fail-the-run',
  does: 'Fails a run with the error of a tool when all calls of the answer have ended, and does not tell the model.',
  source:
    'https://openai.github.io/openai-agents-python/ref/tool/ (failure_error_function None: the exception is raised)',
  // A call that nobody can run fails the run, too.
  declares: { without: ['call-errors'] },
  edits: [
    {
      file: 'tool-calls.ts',
      find: "  if (ending.kind === 'stopped') throw ending.reason",
      replace:
        "  if (ending.kind === 'stopped') throw ending.reason\n  if (ending.kind === 'failed') throw ending.error",
    },
    {
      file: 'parts/tools.ts',
      find: 'return Promise.all(calls.map(execute))',
      replace: `return Promise.allSettled(calls.map(execute)).then((ended) =>
    ended.map((one) => {
      if (one.status === 'rejected') throw one.reason
      return one.value
    }),
  )`,
    },
  ],
} satisfies Variant
