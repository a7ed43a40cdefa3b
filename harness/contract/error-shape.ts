/** An error as plain data. */
export interface ErrorShape {
  name: string
  message: string
  status?: number
  code?: string
}

/** Returns whatever was thrown as plain data. */
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

/** Returns any value as text. Never throws, even if the value's own `toString` does. */
export function toCleanText(value: unknown): string {
  try {
    return String(value)
  } catch {
    return typeof value
  }
}
