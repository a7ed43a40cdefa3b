import childProcess, { ChildProcess } from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'
import { basename } from 'node:path'
import threads from 'node:worker_threads'
import type { Guard, Hear } from './sockets.ts'

/** Reports each process and thread that is started: no guard of this process sees what they send. They run as they are. */
export function watchStarted(hear: Hear): Guard {
  const { spawn } = ChildProcess.prototype as unknown as { spawn: (options: { file?: string }) => unknown }
  const { spawnSync, execSync, execFileSync } = childProcess
  const { Worker } = threads
  const program = (file: unknown) => hear(`the process ${basename(String(file).split(' ')[0] ?? '')}`)
  const heard = <T extends (...args: never[]) => unknown>(start: T) =>
    function (this: unknown, ...args: Parameters<T>) {
      program(args[0])
      return Reflect.apply(start, this, args)
    }
  Object.assign(ChildProcess.prototype, {
    spawn(this: ChildProcess, options: { file?: string }) {
      program(options.file)
      return Reflect.apply(spawn, this, [options])
    },
  })
  Object.assign(childProcess, {
    spawnSync: heard(spawnSync),
    execSync: heard(execSync as (command: string) => unknown),
    execFileSync: heard(execFileSync as (file: string) => unknown),
  })
  threads.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      hear('a thread')
      super(...args)
    }
  }
  syncBuiltinESMExports()
  return {
    release() {
      Object.assign(ChildProcess.prototype, { spawn })
      Object.assign(childProcess, { spawnSync, execSync, execFileSync })
      threads.Worker = Worker
      syncBuiltinESMExports()
    },
  }
}
