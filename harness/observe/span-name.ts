/** Returns the name of a span. Returns an empty text if the runtime gave no name, or a name that is not a text. */
export function readSpanName(name: unknown): string {
  return typeof name === 'string' ? name : ''
}
