import type { Variant } from '../variant.ts'

export default {
  name: 'session-saved-last',
  does: 'Saves the session after the last hook of a run and the end of its span.',
  source: 'https://openai.github.io/openai-agents-python/sessions/ (items are stored after each run)',
  edits: [
    {
      file: 'run.ts',
      find: `  updateSession(run, ending)
  let last = ending`,
      replace: '  let last = ending',
    },
    {
      file: 'run.ts',
      find: `      last = failed(error)
      updateSession(run, last)
`,
      replace: `      last = failed(error)
`,
    },
    {
      file: 'run.ts',
      find: `  run.operation.end(last)
  return last`,
      replace: `  run.operation.end(last)
  await undefined
  updateSession(run, last)
  return last`,
    },
  ],
} satisfies Variant
