/** The service's own spelling of an event (GRAMMAR G47, G48): its name, then its JSON with `type` as the first key. */
export function formatSse(event: { type: string }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
