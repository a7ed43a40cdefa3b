import type { Generated } from '../harness/contract/scenario.ts'
import { hookPlans } from '../harness/plan/arbitraries/hooks.ts'

/**
 * Telemetry that watches an agent from outside registers hooks with it while calls are on, and takes them back after the
 * last. One to three users call one agent at once, so that a call begins to need the hooks while another has just let go of
 * them; the agent may be built anew on the way, under the same name, while calls of the old one are on.
 *
 * In some plans one registration fails, at any of the hooks, in some somebody takes a hook out, in some a release is done
 * twice, and in some telemetry is switched on the way, so that hooks are called for runs that have no state of theirs. No
 * run may notice, no hook may be called twice for one round, and when all is over nothing may be left with any agent, nor
 * any agent be held.
 */
const hookRegistration: Generated = {
  about:
    'One to three conversations on an agent whose telemetry registers hooks with it; registrations that fail, hooks that are lost, releases done twice, agents built anew.',
  source: 'alibaba/loongsuite-python-agent#184: hooks registered by each call of a shared instance',
  needs: ['history', 'spans', 'step-hooks'],
  comparesAll: true,
  plans: hookPlans,
}

export default hookRegistration
