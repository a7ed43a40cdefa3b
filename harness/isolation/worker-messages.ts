/** Environments of Vite in which a worker's modules are transformed. */
const ENVIRONMENTS: readonly unknown[] = ['ssr', '__vitest__']

/** What a worker may ask of Vitest or report to it. */
const METHODS: readonly unknown[] = [
  ...[
    'fetch',
    'fetchWarmModules',
    'resolve',
    'onQueued',
    'onCollected',
    'onTaskUpdate',
    'onTaskArtifactRecord',
    'onCancel',
  ],
  ...['onUserConsoleLog', 'onUnhandledError', 'onAfterSuiteRun', 'snapshotSaved', 'resolveSnapshotPath'],
  ...[
    'getCountOfFailedTests',
    'ensureModuleGraphEntry',
    'prewarmModuleGraph',
    'onTestModuleDependencies',
    'onAsyncLeaks',
  ],
]

/**
 * Returns whether a message from a worker is one that Vitest's own worker code sends. The code under test runs in the
 * same process and can send anything. Vitest acts only on these messages.
 */
export function isOrdinaryMessage(message: unknown): boolean {
  const { t: type, m: method, a: args } = (message ?? {}) as { t?: unknown; m?: unknown; a?: unknown }
  if (type !== 'q') return true
  if (!METHODS.includes(method)) return false
  const environmentAt: Record<string, number> = { fetch: 2, resolve: 2, fetchWarmModules: 0 }
  const at = environmentAt[String(method)]
  return at === undefined || (Array.isArray(args) && ENVIRONMENTS.includes(args[at]))
}
