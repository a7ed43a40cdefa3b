import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

const NAMES: Record<string, string> = {
  invoke_agent: 'agent.run',
  chat: 'openai.responses.create',
  execute_tool: 'tool.call',
  invoke_workflow: 'workflow.run',
}

export default {
  name: 'other-span-names',
  does: 'Gives spans names of its own, and the attributes that the GenAI conventions require.',
  source:
    'https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/ (the name of a span is only a should)',
  parts: () => ({
    startSpan(tracer, name, options, above) {
      const operation = String(options.attributes?.['gen_ai.operation.name'])
      return soundParts.startSpan(tracer, NAMES[operation] ?? name, options, above)
    },
  }),
} satisfies Variant
