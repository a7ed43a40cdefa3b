import type { Variant } from '../variant.ts'

export default {
  name: 'tool-span-lasts-as-its-tool',
  does: 'Ends the span of a tool only when the tool returns, also if its run was stopped and has ended before.',
  source:
    'https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-spans.md (a span should cover the duration of its operation)',
  edits: [
    {
      file: 'tool-calls.ts',
      find: '/** Executes the tool calls of one answer',
      replace: `const works = new WeakMap<ResponseFunctionToolCall, unknown>()

/** Executes the tool calls of one answer`,
    },
    {
      file: 'tool-calls.ts',
      find: '  const value = await (tool.endsWithRun',
      replace: `  works.set(call, work)
  const value = await (tool.endsWithRun`,
    },
    {
      file: 'tool-calls.ts',
      find: `  operation.end(run.definition.parts.traceEnding(ending))
`,
      replace: `  const end = () => operation.end(run.definition.parts.traceEnding(ending))
  if (ending.kind === 'stopped') void Promise.resolve(works.get(call)).then(end, end)
  else end()
`,
    },
  ],
} satisfies Variant
