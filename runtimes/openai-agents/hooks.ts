import type { RunContext, Runner } from '@openai/agents'
import type { Probe, Runtime } from '../../harness/contract/runtime.ts'
import type { HookName } from '../../harness/plan/types.ts'
import type { RunMark } from './agents.ts'

/**
 * The lifecycle events of the `Runner`, with their documentation from `RunHookEvents` (`agents-core`, `lifecycle.d.ts`).
 * `agent_end` has an `output` of type `string`, which only a successful agent can have.
 */
export const hooks: Runtime['hooks'] = {
  "Runner.on('agent_start')": {
    means: 'before_run',
    docs: '@param context - The context of the run; @param agent - The agent that is starting',
  },
  "Runner.on('agent_end')": {
    means: 'after_run',
    docs: '@param context - The context of the run; @param agent - The agent that is ending; @param output - The output of the agent',
  },
}

/** Reports each lifecycle event and handoff to the probe, with the id of its run. */
export function reportHooks(runner: Runner, probe: Probe): void {
  const tell = (name: HookName, context: RunContext<unknown>, agent: string): RunMark => {
    const mark = context.context as RunMark
    probe.hook({ run: mark.run, agent, name })
    return mark
  }
  runner.on('agent_start', (context, agent) => {
    tell('before_run', context, agent.name)
  })
  runner.on('agent_handoff', (context, from, to) => {
    probe.handoff({ run: (context.context as RunMark).run, from: from.name, to: to.name })
  })
  runner.on('agent_end', (context, agent) => {
    tell('after_run', context, agent.name).ended = true
  })
}
