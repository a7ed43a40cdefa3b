import type { FunctionTool } from '../tools.ts'

/** Returns the tool with which an agent hands off to another. Its call ends the run, and the workflow activates the target. */
export function buildHandoffTool(to: string): FunctionTool {
  return {
    name: formatHandoffName(to),
    description: `Hand the conversation over to ${to}.`,
    parameters: { type: 'object', properties: {}, additionalProperties: false },
    handoffTo: to,
    invoke: () => `The conversation is handed over to ${to}.`,
  }
}

export function formatHandoffName(to: string): string {
  return `handoff_to_${to.replaceAll(/[^A-Za-z0-9_-]/g, '_')}`
}
