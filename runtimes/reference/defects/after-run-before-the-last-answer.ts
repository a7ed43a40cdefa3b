import type { AgentResponse } from '../agent-response.ts'
import type { ContextProvider } from '../context-provider.ts'
import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'after-run-before-the-last-answer',
  scenario: 'sessions',
  breaks: 'success-hooks-come-last',
  cause: 'after_run before an answer',
  does: 'Calls afterRun after the first tools of a run, before the model has given its last answer.',
  source: 'https://github.com/microsoft/agent-framework/issues/5231',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    chooseProviders: (providers, request) =>
      request === 1 ? providers.map(callAfterRun) : soundParts.chooseProviders(providers, request),
  }),
} satisfies Defect

/** Returns a provider whose first hook calls the last hook of another. */
function callAfterRun(provider: ContextProvider): ContextProvider {
  return { beforeRun: (run) => provider.afterRun?.(run, {} as AgentResponse) }
}
