import type { AgentResponse } from '../agent-response.ts'
import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'after-run-on-stop',
  scenario: 'stream-errors',
  breaks: 'after-run-only-on-success',
  cause: 'after_run fired, run aborted',
  does: 'Also calls afterRun for a run that was stopped, with a response that the service never sent.',
  source: 'https://github.com/microsoft/agent-framework/issues/5231',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    chooseAfterRunResponse: (ending) =>
      ending.kind === 'stopped' ? NOTHING : soundParts.chooseAfterRunResponse(ending),
  }),
} satisfies Defect

const NOTHING: AgentResponse = {
  status: 'incomplete',
  text: '',
  usage: { inputTokens: 0, outputTokens: 0 },
  response: { output: [] } as never,
  items: [],
}
