/** Returns an event as the service writes it (GRAMMAR G47, G48): its name, then its JSON with `type` first. */
export function formatSse(event: { type: string }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
