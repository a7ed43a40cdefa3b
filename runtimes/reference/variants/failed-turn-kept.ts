import type { Variant } from '../variant.ts'

export default {
  name: 'failed-turn-kept',
  does: "Keeps the message of a turn that failed or was stopped, and sends it before the next turn's.",
  source: 'https://openai.github.io/openai-agents-python/sessions/ (the input is saved before the run)',
  edits: [
    {
      file: 'memory.ts',
      find: '      buildCompletedState: () => ({ ...state, unsent: listCarryableItems(items) }),\n      buildAbandonedState: () => state,',
      replace:
        '      buildCompletedState: () => ({ ...state, unsent: listCarryableItems(items) }),\n      buildAbandonedState: () => ({ ...state, unsent: [...state.unsent, ...asked] }),',
    },
  ],
} satisfies Variant
