import { join, relative, sep } from 'node:path'
import type { Plan } from '../../harness/plan/types.ts'
import { literal } from '../../harness/repro/literal.ts'
import { sourceOf } from './source.ts'

/** The packages that driving a runtime through its adapter takes. */
export const packages = [
  '@opentelemetry/api',
  '@opentelemetry/context-async-hooks',
  '@opentelemetry/sdk-trace-base',
]

/**
 * How a runtime is driven that tells nothing of how its users do: through its adapter, in the folder `folder`, with one of
 * its defects where it has one. `from` is the folder of the reproduction.
 */
export function codeByAdapter(
  { team, flow, conversations, mode }: Plan,
  folder: string,
  defect: string | undefined,
  from: string,
): { imports: string; body: string } {
  const path = (file: string) => literal(importPath(from, folder, file))
  const said = conversations.map((conversation) => ({
    ...conversation,
    turns: conversation.turns.map((turn) => ({ ...turn, answers: [] })),
  }))
  const plan = { team, ...(flow ? { flow } : {}), conversations: said, mode }
  const imported =
    defect === undefined
      ? [`import { runtime } from ${path('adapter.ts')}`]
      : [
          `import { runtimeOf } from ${path('adapter.ts')}`,
          `import defect from ${path(`defects/${defect}.ts`)}`,
        ]
  return {
    imports: [
      "import { AsyncLocalStorage } from 'node:async_hooks'",
      "import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'",
      "import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'",
      ...imported,
    ].join('\n'),
    body: [
      'type Runtime = any\ntype Plan = any',
      sourceOf('./pieces/drive.ts'),
      `/** What is said and done; the model's answers stand above. */\nconst plan = ${literal(plan, 2)}`,
      ...(defect === undefined ? [] : ['const runtime = runtimeOf(defect.parts)']),
      'await drive(runtime, plan, watch, order, act)',
    ].join('\n\n'),
  }
}

function importPath(from: string, folder: string, file: string): string {
  const path = relative(from, join(folder, file)).split(sep).map(encodeURIComponent).join('/')
  return path.startsWith('.') ? path : `./${path}`
}
