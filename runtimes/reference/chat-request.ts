import type { RunScope } from './run-scope.ts'
import { buildToolParam } from './tools.ts'

/** The body of one request to the model. */
export type ChatRequest = ReturnType<typeof buildRequest>

/** Returns the body of a request, built from the agent's definition and the session's memory. */
export function buildRequest({ definition, context, memory, store, tools }: RunScope) {
  return {
    model: definition.model,
    instructions: [definition.instructions, ...context.instructions].join('\n'),
    tools: [...tools.values()].map(buildToolParam),
    store,
    // If the service stores nothing, the client must send reasoning back, which only works in encrypted form.
    ...(store ? {} : { include: ['reasoning.encrypted_content' as const] }),
    ...definition.settings,
    ...memory.buildFields(),
  }
}
