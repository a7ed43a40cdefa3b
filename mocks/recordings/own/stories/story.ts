import type { Answer } from '../../../service/types.ts'

/** One conversation of a real client with the service. */
export interface Story {
  /** The id of its recording file. */
  id: string
  /** The client and its version. */
  client: string
  /** The answers of the service, in order. */
  answers: Answer[]
  /** Runs the client. It must end without an error. */
  run(baseURL: string): Promise<void>
}

/** The API key that the clients send. It is not a real key. */
export const API_KEY = 'sk-none'
export const MODEL = 'gpt-5-mini'
