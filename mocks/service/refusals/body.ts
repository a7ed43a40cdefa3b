import type { Machine } from '../machine.ts'
import type { CreateBody } from '../types.ts'
import type { Refused } from './refusal.ts'

export function refuseBody(_body: CreateBody, _machine: Machine): Refused | undefined {
  return undefined
}
