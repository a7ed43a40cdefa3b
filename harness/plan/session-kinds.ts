import type { SessionMode } from './types.ts'

/** What each session mode needs from the service. */
export const sessionKinds: Readonly<
  Record<
    SessionMode,
    {
      /** Whether responses must be stored. With `history` they can be stored or not. */
      needsStore: boolean
      /** Whether the service keeps the context, so that the client sends only new items. */
      isKeptByService: boolean
    }
  >
> = {
  history: { needsStore: false, isKeptByService: false },
  'previous-response': { needsStore: true, isKeptByService: true },
  'conversation-object': { needsStore: true, isKeptByService: true },
  // The runtime decides how much it sends, so assume the whole context.
  'runtime-default': { needsStore: true, isKeptByService: false },
}
