import type { JsonObject } from '../../json.ts'
import { findModel, listedModelFound } from '../../request-rules/models.ts'
import { findRefusal } from '../../request-rules/rule.ts'
import type { Machine } from '../machine.ts'
import type { Call } from './call.ts'

/** The models that a service without a table lists. It accepts every other name as well. */
const USUAL_MODELS = [
  'gpt-5.1',
  'gpt-5.1-codex',
  'gpt-5.2',
  'gpt-5.4',
  'gpt-5.6-terra',
  'gpt-4.1',
  'gpt-4o',
  'o3',
]

/** The time at which each model was made, in Unix seconds. Real models differ in it; no client reads it. */
const CREATED = 1_762_800_000

/** `GET /models`: every model of the table. */
export async function listModels({ exchange, machine }: Call): Promise<Response> {
  exchange.reportSeen()
  const data = listNames(machine).map(describeModel)
  return exchange.answerJson({ object: 'list', data })
}

/** `GET /models/{model}`. */
export async function retrieveModel({ params, exchange, machine }: Call): Promise<Response> {
  exchange.reportSeen()
  const name = decodeName(params[0] ?? '')
  const isKnown = findModel({ model: name }, machine.models) !== undefined
  const refusal = findRefusal([listedModelFound], { model: name, isKnown })
  return exchange.answerOrRefuse(refusal, () => describeModel(name))
}

function listNames({ models }: Machine): string[] {
  return models === undefined ? USUAL_MODELS : Object.keys(models).filter((name) => name !== '*')
}

function describeModel(id: string): JsonObject {
  return { id, object: 'model', created: CREATED, owned_by: 'system' }
}

/** Returns a segment of a path without its escapes, or as it is if they are malformed. */
function decodeName(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
