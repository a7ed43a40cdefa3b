import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'encrypted-always',
  does: 'Asks for encrypted reasoning also where the service stores the answers.',
  source: 'SERVICE-FACTS 3: include reasoning.encrypted_content with store true is allowed (187 items).',
  parts: () => ({
    buildRequest: (run) => ({
      ...soundParts.buildRequest(run),
      include: ['reasoning.encrypted_content' as const],
    }),
  }),
} satisfies Variant
