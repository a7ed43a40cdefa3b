import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Ended {
  code: number | null
  /** The signal that ended the process. */
  signal?: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** A `conform` process that runs. */
export interface Started {
  /** Settles with the first match in what it wrote to stderr; rejects if it ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** The same of stdout. */
  prints(pattern: RegExp): Promise<RegExpExecArray>
  stop(signal?: NodeJS.Signals): Promise<Ended>
  ended: Promise<Ended>
}

/** Starts `conform` as a user does, as a process of its own. */
export function start(...args: string[]): Started {
  return startIn(root, args)
}

/** The same in a copy of the project. */
function startIn(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
  const child: ChildProcess = spawn(process.execPath, [join(folder, 'cli/conform.mjs'), ...args], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1', FORCE_COLOR: '0', ...env },
  })
  const written = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
      for (const listener of listeners) listener()
    })
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, ...written })),
  )
  const match = (stream: 'stdout' | 'stderr') => (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(written[stream])
        if (found) {
          listeners.delete(look)
          resolve(found)
        }
      }
      listeners.add(look)
      look()
      ended.then(({ code, stderr }) => reject(new Error(`ended with ${code} before ${pattern}: ${stderr}`)))
    })
  return {
    ended,
    says: match('stderr'),
    prints: match('stdout'),
    async stop(signal = 'SIGINT') {
      child.kill(signal)
      return ended
    },
  }
}

/** Runs `conform` to its end. */
export function run(...args: string[]): Promise<Ended> {
  return start(...args).ended
}

/** Runs the `conform` of a copy of the project to its end. */
export function runIn(folder: string, ...args: string[]): Promise<Ended> {
  return startIn(folder, args).ended
}

/** The same with variables of its own. */
export function runUnder(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> {
  return startIn(root, args, env).ended
}
