import type { Defect } from '../defect.ts'

export default {
  name: 'tools-traced-beside-steps',
  scenario: 'hook-registration',
  breaks: 'steps-hold-their-tools',
  cause: 'tool span below no react span',
  does: 'Uses the span of the run as the parent of tool spans, and not the span of the round.',
  smallest: { conversations: 1, answers: 1 },
  edits: [
    {
      file: 'telemetry/agent-telemetry.ts',
      find: `return this.#start(definition, this.#findParent(run), {
      name: \`execute_tool \${call.name}\`,`,
      replace: `return this.#start(definition, run.operation.context, {
      name: \`execute_tool \${call.name}\`,`,
    },
  ],
} satisfies Defect
