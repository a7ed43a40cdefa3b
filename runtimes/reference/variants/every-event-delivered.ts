import type { Variant } from '../variant.ts'

export default {
  name: 'every-event-delivered',
  does: 'Also delivers an update for each event of the stream that carries no text and no item.',
  source: 'https://openai.github.io/openai-agents-python/streaming/ (raw response events)',
  edits: [
    {
      file: 'parts/answers.ts',
      find: '    default:\n      return undefined',
      replace: "    default:\n      return { type: 'event' as 'item', item: { type: event.type } as never }",
    },
    {
      file: 'chat.ts',
      find: "else if (event.type === 'response.created')",
      replace: "if (event.type === 'response.created')",
    },
    {
      file: 'driven-run.ts',
      find: '  const { type, id } = update.item',
      replace: `  if ((update.type as string) === 'event') return { kind: 'other', type: update.item.type }
  const { type, id } = update.item`,
    },
  ],
} satisfies Variant
