import type { Variant } from '../variant.ts'

export default {
  name: 'cleanups-newest-first',
  does: 'Calls the cleanup hooks in the reverse order of their registration.',
  source:
    'https://docs.python.org/3/library/contextlib.html#contextlib.ExitStack (last registered, first called)',
  parts: () => ({ chooseCleanupHooks: (hooks) => [...hooks].reverse() }),
} satisfies Variant
