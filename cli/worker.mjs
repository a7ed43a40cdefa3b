// A worker is one process for one runtime: some keep process-wide handlers and tracer providers for ever.
// It is started with NODE_ENV=production, for some runtimes switch tracing off under any other.
const { register } = await import('tsx/esm/api')
register()
await import('./worker.ts')
