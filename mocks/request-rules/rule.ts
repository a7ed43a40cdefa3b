/** The refusal of one request: an HTTP status and the four fields of `error` in a JSON body. No stream event comes before it. */
export interface Refusal {
  /** The id of the rule that the request breaks. */
  rule: string
  status: number
  type: string
  code: string | null
  param: string | null
  message: string
  /** Fields whose values nobody has recorded or reported. A check must not compare them. */
  unknown?: readonly UnknownField[]
  /** Response headers in addition to the usual ones. */
  headers?: Readonly<Record<string, string>>
}

export type UnknownField = 'code' | 'param'

/** What `param` and `message` of a rule are filled with: `{name}` is replaced by the value of that name. */
export type RefusalValues = Readonly<Record<string, string | number>>

/**
 * One rule of the Responses API about requests: what holds for every accepted request, when a request breaks it, and how
 * the service refuses it. `Asked` is the part of the request, and of what is known of its conversation, that the rule reads.
 * Clients match on status, code and param; the wording is data.
 */
export interface RequestRule<Asked> {
  id: string
  /** One sentence: what holds for every accepted request. */
  statement: string
  /** The section of SERVICE-FACTS and its public evidence. A guess is called a guess. */
  source: string
  status: number
  type: string
  code: string | null
  /** May hold places such as `{index}`. */
  param: string | null
  /** May hold places such as `{id}`. */
  message: string
  headers?: Readonly<Record<string, string>>
  /** Returns the values for the places in `param` and `message` if the request breaks the rule, otherwise undefined. */
  findBreach(asked: Asked): RefusalValues | undefined
  /** Returns the fields of this refusal whose values nobody has seen. If absent, all of them are known. */
  unknownFields?(asked: Asked): readonly UnknownField[] | undefined
}

type RuleFields<Asked> = Pick<RequestRule<Asked>, 'id' | 'statement' | 'source' | 'message' | 'findBreach'> &
  Partial<RequestRule<Asked>>

/** Returns a rule. Fields that are left out have their most frequent values: status 400, code null, param null. */
export function defineRule<Asked>(fields: RuleFields<Asked>): RequestRule<Asked> {
  return { status: 400, type: 'invalid_request_error', code: null, param: null, ...fields }
}

/** Returns the refusal of the first rule that the request breaks, or undefined if the request is accepted. */
export function findRefusal<Asked>(rules: readonly RequestRule<Asked>[], asked: Asked): Refusal | undefined {
  for (const rule of rules) {
    const values = rule.findBreach(asked)
    if (values === undefined) continue
    const unknown = rule.unknownFields?.(asked)
    const refusal = buildRefusal(rule, values)
    return unknown === undefined ? refusal : { ...refusal, unknown }
  }
  return undefined
}

/** Returns the refusal by this rule, with the places of `param` and `message` filled. */
export function buildRefusal(
  rule: Omit<RequestRule<never>, 'findBreach'>,
  values: RefusalValues = {},
): Refusal {
  const { id, status, type, code, headers } = rule
  const refusal: Refusal = {
    rule: id,
    status,
    type,
    code,
    param: rule.param === null ? null : fillPlaces(rule.param, values),
    message: fillPlaces(rule.message, values),
  }
  return headers === undefined ? refusal : { ...refusal, headers }
}

function fillPlaces(template: string, values: RefusalValues): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place))
}

/** Returns the body of a refusal: exactly these four fields, under `error` (GRAMMAR J60). */
export function buildRefusalBody({ message, type, param, code }: Refusal): object {
  return { error: { message, type, param, code } }
}
