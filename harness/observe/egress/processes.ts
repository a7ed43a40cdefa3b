import childProcess, { ChildProcess } from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'
import { basename } from 'node:path'
import threads from 'node:worker_threads'
import type { Guard, ReportDestination } from './sockets.ts'

/** Node's own modules that open sockets, ask for names or start processes: what they do passes every guard. */
const RAW_BINDINGS = new Set([
  'tcp_wrap',
  'pipe_wrap',
  'udp_wrap',
  'cares_wrap',
  'spawn_sync',
  'process_wrap',
])

/**
 * Reports each process and thread that is started, because no guard of this process sees what they send. They run as they
 * are. Also reports each use of `process.binding` that would get past the guards, and makes it throw.
 */
export function watchStarted(hear: ReportDestination): Guard {
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
  // A subclass would have the original as its prototype. A proxy has not, and it shares the prototype of the instances.
  const HeardWorker = new Proxy(Worker, {
    construct(target, args, newTarget) {
      hear('a thread')
      return Reflect.construct(target, args, newTarget) as Worker
    },
  })
  const nameWorker = (value: typeof Worker) =>
    Object.defineProperty(Worker.prototype, 'constructor', { value, configurable: true, writable: true })
  nameWorker(HeardWorker)
  threads.Worker = HeardWorker
  const releaseBindings = refuseRawBindings(hear)
  syncBuiltinESMExports()
  return {
    release() {
      Object.assign(ChildProcess.prototype, { spawn })
      Object.assign(childProcess, { spawnSync, execSync, execFileSync })
      nameWorker(Worker)
      threads.Worker = Worker
      releaseBindings()
      syncBuiltinESMExports()
    },
  }
}

/** Makes `process.binding` report and refuse the raw bindings. Returns what restores it. */
function refuseRawBindings(hear: ReportDestination): () => void {
  const owner = process as unknown as { binding: (name: unknown) => unknown }
  const { binding } = owner
  const guarded = (given: unknown) => {
    const name = String(given)
    if (!RAW_BINDINGS.has(name)) return binding.call(process, name)
    hear(`the binding ${name}`)
    throw new Error(`conformance: no way to the binding ${name}`)
  }
  owner.binding = guarded
  return () => {
    if (owner.binding === guarded) owner.binding = binding
  }
}
