/** An error as plain data. */
export interface ErrorShape {
  name: string
  message: string
  status?: number
  code?: string
  /** The errors that this error wraps, the outermost first: its `cause`, the cause of that, and so on. */
  causes?: Omit<ErrorShape, 'causes'>[]
}

/** Maximum number of causes that are followed. */
const MOST_CAUSES = 8

/** Returns whatever was thrown as plain data, with its causes. */
export function describeError(thrown: unknown): ErrorShape {
  const causes: ErrorShape[] = []
  for (let one = readCause(thrown); one instanceof Error && causes.length < MOST_CAUSES; one = readCause(one))
    causes.push(describeOne(one))
  return { ...describeOne(thrown), ...(causes.length > 0 ? { causes } : {}) }
}

function readCause(thrown: unknown): unknown {
  return thrown instanceof Error ? thrown.cause : undefined
}

function describeOne(thrown: unknown): ErrorShape {
  if (!(thrown instanceof Error)) return { name: 'thrown', message: toCleanText(thrown) }
  const { status, code, message } = thrown as { status?: unknown; code?: unknown; message: unknown }
  return {
    // The class says more than a name that a library never sets. An error that hides its name has none.
    name: thrown.name === '' ? '' : toCleanText(thrown.constructor?.name),
    message: toCleanText(message),
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof code === 'string' ? { code } : {}),
  }
}

/** Returns an error without what it wraps. The errors of sockets below a client depend on timing. */
export function omitCauses(error: ErrorShape | undefined): ErrorShape | undefined {
  if (error === undefined) return undefined
  const { causes: _, ...own } = error
  return own
}

/** Returns any value as text. Never throws, even if the value's own `toString` does. */
export function toCleanText(value: unknown): string {
  try {
    return String(value)
  } catch {
    return typeof value
  }
}
