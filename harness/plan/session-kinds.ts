import type { SessionMode } from './types.ts'

/** What each way of carrying a conversation's context needs from the service. */
export const sessionKinds: Readonly<
  Record<
    SessionMode,
    {
      /** Whether responses must be stored. With the client's own history both are possible. */
      needsStore: boolean
      /** Whether the service keeps the context, so that the client sends only what is new. */
      isKeptByService: boolean
    }
  >
> = {
  history: { needsStore: false, isKeptByService: false },
  'previous-response': { needsStore: true, isKeptByService: true },
  'conversation-object': { needsStore: true, isKeptByService: true },
  // The runtime decides: nothing is known of how much it sends.
  'runtime-default': { needsStore: true, isKeptByService: false },
}
