import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'item-id-as-call-id',
  scenario: 'sessions',
  breaks: 'span-attributes-are-true',
  cause: 'execute_tool span has a wrong gen_ai.tool.call.id',
  does: 'Names a tool call in its span by the id of its item.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    buildCallAttributes: (call) => ({
      ...soundParts.buildCallAttributes(call),
      ...(call.id === undefined ? {} : { 'gen_ai.tool.call.id': call.id }),
    }),
  }),
} satisfies Defect
