import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'store-left-out',
  does: 'Sends `store` only if it is false, because true is the default of the service.',
  source: 'https://platform.openai.com/docs/api-reference/responses/create (store, default true)',
  parts: () => ({
    buildRequest(run) {
      const { store, ...body } = soundParts.buildRequest(run)
      return (store ? body : { ...body, store }) as ReturnType<typeof soundParts.buildRequest>
    },
  }),
} satisfies Variant
