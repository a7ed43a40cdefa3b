import type { Refusal } from '../../grammar/input/types.ts'

export type { Refusal } from '../../grammar/input/types.ts'

/**
 * One way in which the service refuses, as a value. `param` and `message` have places `{name}` that a request fills.
 * Clients match on status, code and param; the wording is data.
 */
export interface RefusalRule {
  rule: string
  status: number
  type: string
  code: string | null
  param: string | null
  message: string
  /** The section of SERVICE-FACTS and its public evidence; what is a guess says so. */
  source: string
  /** Response headers beside the usual ones. */
  headers?: Readonly<Record<string, string>>
}

/** A refusal of one request. */
export interface Refused extends Refusal {
  headers?: Readonly<Record<string, string>>
}

export function refused(rule: RefusalRule, values: Readonly<Record<string, string | number>> = {}): Refused {
  const { rule: id, status, type, code, headers } = rule
  const refusal: Refused = {
    rule: id,
    status,
    type,
    code,
    param: rule.param === null ? null : filled(rule.param, values),
    message: filled(rule.message, values),
  }
  return headers === undefined ? refusal : { ...refusal, headers }
}

function filled(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place))
}

/** The body of every refusal: exactly these four fields, under `error` (GRAMMAR J60). */
export function refusalBody({ message, type, param, code }: Refusal): object {
  return { error: { message, type, param, code } }
}
