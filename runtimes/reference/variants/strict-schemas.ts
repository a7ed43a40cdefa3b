import type { Variant } from '../variant.ts'

export default {
  name: 'strict-schemas',
  does: 'Closes the schema of a tool without optional arguments, and asks the service to be strict with it.',
  source: 'https://platform.openai.com/docs/guides/function-calling#strict-mode (recommended for all tools)',
  edits: [
    {
      file: 'tools.ts',
      find: '    parameters,\n    strict: false,',
      replace: '    ...closeSchema(parameters),',
    },
    {
      file: 'tools.ts',
      find: 'export function buildToolParam',
      replace: `function closeSchema(parameters: Record<string, unknown>) {
  const { type, properties = {}, required = [] } = parameters as { type?: unknown; properties?: object; required?: string[] }
  const names = Object.keys(properties)
  const isFlat = Object.values(properties).every((one) => ['string', 'number', 'boolean'].includes(one?.type))
  const isClosed = type === 'object' && isFlat && names.length > 0 && names.every((one) => required.includes(one))
  return isClosed
    ? { parameters: { ...parameters, additionalProperties: false }, strict: true }
    : { parameters, strict: false }
}

export function buildToolParam`,
    },
  ],
} satisfies Variant
