import type { Answer } from '../../../service/types.ts'

/** One conversation of a real client with the service: what the service answers, and what the client does. */
export interface Story {
  /** The id of its recording file. */
  id: string
  /** The client that speaks, and its version. */
  client: string
  /** What the service answers, in order. */
  answers: Answer[]
  /** Drives the client. It must come to its end without an error. */
  tell(baseURL: string): Promise<void>
}

/** What the clients are given as their key; it is none. */
export const API_KEY = 'sk-none'
export const MODEL = 'gpt-5-mini'
