import { join, relative, sep } from 'node:path'
import type { Plan } from '../../harness/plan/types.ts'
import { formatLiteral } from '../../harness/repro/literal.ts'
import { readSource } from './source.ts'

/** Packages that a script needs to drive a runtime through its adapter. */
export const packages = [
  '@opentelemetry/api',
  '@opentelemetry/context-async-hooks',
  '@opentelemetry/sdk-trace-base',
]

/**
 * Returns code that drives a runtime through the adapter in `folder`, with one of its defects if given. It is used for runtimes
 * without a `repro.ts`. `from` is the folder of the script, for relative imports.
 */
export function buildAdapterCode(
  { team, flow, conversations, mode }: Plan,
  folder: string,
  defect: string | undefined,
  from: string,
): { imports: string; body: string } {
  const path = (file: string) => formatLiteral(buildImportPath(from, folder, file))
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
      readSource('./pieces/drive.ts'),
      `/** What users say, what tools do, and which runs stop. The answers of the model are above. */\nconst plan = ${formatLiteral(plan, 2)}`,
      ...(defect === undefined ? [] : ['const runtime = runtimeOf(defect.parts)']),
      'await drivePlan(runtime, plan, watch, order, callTool)',
    ].join('\n\n'),
  }
}

function buildImportPath(from: string, folder: string, file: string): string {
  const path = relative(from, join(folder, file)).split(sep).map(encodeURIComponent).join('/')
  return path.startsWith('.') ? path : `./${path}`
}
