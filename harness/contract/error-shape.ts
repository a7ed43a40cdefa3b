export interface ErrorShape {
  name: string
  message: string
  status?: number
  code?: string
}

/** An error as data, whatever was thrown. */
export function describeError(thrown: unknown): ErrorShape {
  if (!(thrown instanceof Error)) return { name: 'thrown', message: toCleanText(thrown) }
  const { status, code, message } = thrown as { status?: unknown; code?: unknown; message: unknown }
  return {
    name: toCleanText(thrown.constructor?.name),
    message: toCleanText(message),
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof code === 'string' ? { code } : {}),
  }
}

/** Any value as a text: also one that refuses to be made a text. */
export function toCleanText(value: unknown): string {
  try {
    return String(value)
  } catch {
    return typeof value
  }
}
