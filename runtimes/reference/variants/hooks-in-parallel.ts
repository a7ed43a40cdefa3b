import type { Variant } from '../variant.ts'

export default {
  name: 'hooks-in-parallel',
  does: 'Starts all hooks of one kind at once, and waits for all of them.',
  source:
    'https://openai.github.io/openai-agents-python/ref/lifecycle/ (hooks are gathered with asyncio.gather)',
  edits: [
    {
      file: 'run.ts',
      find: `    for (const provider of definition.parts.chooseProviders(definition.contextProviders ?? [], round))
      await raceWithAbort(provider.beforeRun?.(context), signal)`,
      replace: `    const providers = definition.parts.chooseProviders(definition.contextProviders ?? [], round)
    await Promise.all(providers.map(async (provider) => raceWithAbort(provider.beforeRun?.(context), signal)))`,
    },
    {
      file: 'run.ts',
      find: `  for (const provider of (definition.contextProviders ?? []).toReversed())
    await provider.afterRun?.(context, response)`,
      replace: `  const providers = definition.contextProviders ?? []
  await Promise.all(providers.map(async (provider) => provider.afterRun?.(context, response)))`,
    },
  ],
} satisfies Variant
