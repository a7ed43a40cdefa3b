import type { AgentSpec, Plan, ToolSpec, Turn } from '../../plan/types.ts'
import { emptyPlan } from './types.ts'

/** The plans of example histories, with what matters in them alone. */

/** Returns the plan of one conversation. Its only agent is `a`, with the instructions "Be brief.". */
export function planned(turn: Partial<Turn> = {}, agent: Partial<AgentSpec> = {}): Plan {
  const said: Turn = { say: 'hi', stream: true, answers: [], target: 'same', pull: 'same-context', ...turn }
  const spec: AgentSpec = { name: 'a', instructions: 'Be brief.', tools: [], handoffs: [], ...agent }
  return {
    ...emptyPlan,
    team: [spec],
    conversations: [{ session: 'history', store: true, turns: [said] }],
  }
}

/** A tool with one argument, `city`. */
export const weatherTool: ToolSpec = {
  name: 'get_weather',
  description: 'Tells the weather.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  does: [{ kind: 'return', value: 'rain' }],
}
