import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const loop = (file: string) =>
  JSON.stringify(fileURLToPath(new URL(`../../runtimes/openai-loop/${file}`, import.meta.url)))

/** What the broken runtime breaks. */
export const BROKEN = 'after-run-only-on-success'

/** Writes a runtime into a folder as a user would: openai-loop, whose afterRun fires for runs that fail as well. */
export async function writeBrokenRuntime(folder: string, name: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(path, { recursive: true })
  await writeFile(
    join(path, 'adapter.ts'),
    `import { runtimeOf } from ${loop('adapter.ts')}
import { runLoop } from ${loop('loop.ts')}

const broken: typeof runLoop = async (client, tracer, agent, session, run) => {
  try {
    return await runLoop(client, tracer, agent, session, run)
  } catch (error) {
    run.afterRun?.(undefined as never)
    throw error
  }
}
export const runtime = { ...runtimeOf(broken), name: '${name}' }
`,
  )
  return path
}
