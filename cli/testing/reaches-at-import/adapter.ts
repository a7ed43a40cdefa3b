import { connect } from 'node:net'
import type { Runtime } from '../../../harness/contract/runtime.ts'
import { runtime as whole } from '../../../runtimes/openai-loop/adapter.ts'

connect(443, '198.51.100.7').on('error', () => {})

/** A runtime that calls home while it is imported. */
export const runtime: Runtime = { ...whole, name: 'reaches-at-import' }
