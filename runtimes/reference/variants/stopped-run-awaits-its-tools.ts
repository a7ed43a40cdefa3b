import type { Variant } from '../variant.ts'

export default {
  name: 'stopped-run-awaits-its-tools',
  does: 'Ends a stopped run only when its tools have returned, also a tool that ignores its signal.',
  source:
    'https://docs.python.org/3/library/asyncio-task.html#task-groups (a group that is cancelled waits for its tasks)',
  parts: () => ({
    offerTools: (tools) => tools.map((tool) => ({ ...tool, endsWithRun: true })),
  }),
} satisfies Variant
