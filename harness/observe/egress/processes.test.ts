import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { watchStarted } from './processes.ts'

it('processes and threads that are started are reported, and run', async () => {
  const started: string[] = []
  const guard = watchStarted((what) => started.push(what))
  try {
    expect(execFileSync(process.execPath, ['-p', '1']).toString()).toBe('1\n')
    await once(spawn(process.execPath, ['-e', '']), 'exit')
    await once(new Worker('', { eval: true }), 'exit')
  } finally {
    guard.release()
  }
  expect(started).toEqual(['the process node', 'the process node', 'a thread'])
})

/** Returns what is reported as started while `does` runs. */
async function startedBy(does: () => unknown): Promise<string[]> {
  const started: string[] = []
  const guard = watchStarted((what) => started.push(what))
  try {
    await does()
  } finally {
    guard.release()
  }
  return started
}

describe('a thread is reported however its class is found', () => {
  const of = (Class: typeof Worker) => once(new Class('', { eval: true }), 'exit')

  it.each<[string, () => Promise<unknown>]>([
    ["the class of a thread's prototype", () => of(Worker.prototype.constructor as typeof Worker)],
    [
      'a class below it',
      () => {
        // Vite reads an imported parent class too early, before the guard is on.
        const Parent = Worker
        class Own extends Parent {}
        return of(Own)
      },
    ],
    [
      'the class of a thread',
      async () => {
        const first = new Worker('', { eval: true })
        await once(first, 'exit')
        const before = first.constructor as typeof Worker
        expect(first).toBeInstanceOf(Worker)
        expect(before).toBe(Worker)
      },
    ],
  ])('%s', async (_, does) => {
    expect(await startedBy(does)).toEqual(['a thread'])
  })

  it('and its prototype starts no thread', async () => {
    await startedBy(() => {
      const Parent = Object.getPrototypeOf(Worker) as typeof Worker
      expect(new Parent('', { eval: true })).not.toHaveProperty('threadId')
    })
  })

  it('and Node is as it was when the guard is gone', async () => {
    const before = Worker
    const descriptor = Object.getOwnPropertyDescriptor(Worker.prototype, 'constructor')
    await startedBy(() => expect(Worker).not.toBe(before))
    expect(Worker).toBe(before)
    expect(Object.getOwnPropertyDescriptor(Worker.prototype, 'constructor')).toEqual(descriptor)
  })
})

describe('a binding that gets past the guards is reported and refused', () => {
  const binding = (name: unknown) =>
    (process as unknown as { binding: (name: unknown) => unknown }).binding(name)

  it.each(['tcp_wrap', 'pipe_wrap', 'udp_wrap', 'cares_wrap', 'spawn_sync', 'process_wrap'])(
    '%s',
    async (name) => {
      const started = await startedBy(() => {
        expect(() => binding(name)).toThrow(`conformance: no way to the binding ${name}`)
        expect(() => binding({ toString: () => name })).toThrow('conformance: no way')
      })
      expect(started).toEqual([`the binding ${name}`, `the binding ${name}`])
      expect(binding(name)).toBeTypeOf('object')
    },
  )

  it('and another is not', async () => {
    expect(await startedBy(() => expect(binding('constants')).toBeTypeOf('object'))).toEqual([])
  })
})
