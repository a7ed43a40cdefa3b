import type { SessionMode } from './types.ts'

/** What each session mode needs from the service. */
export const sessionKinds: Readonly<
  Record<
    SessionMode,
    {
      /** Whether it works with `store: false`: always, never, or with this capability of the runtime. */
      worksUnstored: boolean | 'unstored-session'
      /** Whether the service keeps the context, so that the client sends only new items. */
      isKeptByService: boolean
    }
  >
> = {
  history: { worksUnstored: true, isKeptByService: false },
  'previous-response': { worksUnstored: false, isKeptByService: true },
  'conversation-object': { worksUnstored: false, isKeptByService: true },
  // The runtime decides how much it sends, so assume the whole context.
  'runtime-default': { worksUnstored: 'unstored-session', isKeptByService: false },
}
