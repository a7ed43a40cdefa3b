/** The reference runtime, with defects beside it that are not found as their files say. */
export { runtime, runtimeOf } from '../../../runtimes/reference/adapter.ts'
