import type { Generated } from '../harness/contract/scenario.ts'
import { arbitraryHookPlans, listUndrawnWithHooks } from '../harness/plan/arbitraries/hooks.ts'

/**
 * Telemetry that observes an agent from outside registers hooks with the agent while calls are active, and removes the hooks
 * after the last call. One to three users call one agent at the same time, so one call may start while another is removing
 * the hooks. The agent may be rebuilt under the same name while calls of the old agent are active.
 *
 * In some plans a registration fails, a hook disappears, a release happens twice, or telemetry is switched during a run. No
 * run may be affected, and no hook may be called twice for one answer. At the end, no hook may stay registered and no replaced
 * agent may stay in memory.
 */
const hookRegistration: Generated = {
  about:
    'Runs one to three conversations on an agent with telemetry hooks; hooks are rejected, lost or released twice, and agents are rebuilt.',
  source: 'alibaba/loongsuite-python-agent#184: hooks registered by each call of a shared instance',
  needs: ['history', 'spans', 'step-hooks'],
  comparesAll: true,
  plans: arbitraryHookPlans,
  leavesOut: listUndrawnWithHooks,
}

export default hookRegistration
