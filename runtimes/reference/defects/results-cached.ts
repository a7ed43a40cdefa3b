import type { Defect } from '../defect.ts'

export default {
  name: 'results-cached',
  scenario: 'sessions',
  breaks: 'calls-answered',
  cause: 'call answered, but not run',
  does: 'Answers a call with the result of an earlier call of the same tool, without running the tool again.',
  smallest: { conversations: 2, answers: 4 },
  edits: [
    {
      file: 'tool-calls.ts',
      find: `  const tool = run.tools.get(call.name)
`,
      replace: `  const cache = ((run.agent as unknown as { cache?: Map<string, string> }).cache ??= new Map())
  const known = cache.get(call.name)
  if (known !== undefined) return known
  const tool = run.tools.get(call.name)
`,
    },
    {
      file: 'tool-calls.ts',
      find: "  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null')",
      replace: `  const told = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null')
  cache.set(call.name, told)
  return told`,
    },
  ],
} satisfies Defect
