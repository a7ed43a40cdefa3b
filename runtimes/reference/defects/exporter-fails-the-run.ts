import { ProxyTracerProvider, trace } from '@opentelemetry/api'
import type { Defect } from '../defect.ts'

export default {
  name: 'exporter-fails-the-run',
  scenario: 'instrumentation-toggles',
  breaks: 'telemetry-is-transparent',
  cause: 'outcome, exporter hang',
  does: 'Waits for the span exporter at the end of a run, and fails if the exporter does not answer.',
  source: 'https://opentelemetry.io/docs/specs/otel/error-handling/',
  smallest: { conversations: 1, answers: 4 },
  parts: () => ({
    async callAfterRun(call) {
      await call()
      await flushSpans()
    },
  }),
} satisfies Defect

async function flushSpans(): Promise<void> {
  const global = trace.getTracerProvider()
  const provider: object = global instanceof ProxyTracerProvider ? global.getDelegate() : global
  if ('forceFlush' in provider) await (provider as { forceFlush(): Promise<void> }).forceFlush()
}
