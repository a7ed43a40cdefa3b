import type { Variant } from '../variant.ts'

const docs = 'Exceptions that the hook raises are caught and logged. They do not affect the run.'

export default {
  name: 'hook-errors-caught',
  does: 'Catches the errors of context providers, as their documentation says.',
  source: 'https://docs.crewai.com/en/concepts/event-listener (errors of listeners are caught)',
  declares: { caughtHooks: { 'ContextProvider.beforeRun': docs, 'ContextProvider.afterRun': docs } },
  edits: [
    {
      file: 'run.ts',
      find: '      await raceWithAbort(provider.beforeRun?.(context), signal)',
      replace:
        '      await raceWithAbort((async () => provider.beforeRun?.(context))().catch(() => {}), signal)',
    },
    {
      file: 'run.ts',
      find: '    await provider.afterRun?.(context, response)',
      replace: '    await (async () => provider.afterRun?.(context, response))().catch(() => {})',
    },
  ],
} satisfies Variant
