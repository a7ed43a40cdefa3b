import fc from 'fast-check'
import type { Json, JsonObject } from '../../json.ts'
import { writeRecordingText } from '../formats/ours.ts'
import { createCleaner } from '../record/clean.ts'
import { buildRecording, type SeenExchange } from '../record/exchange.ts'
import { createScrubber } from '../record/scrub.ts'
import { findSecrets, listHeaderSecrets } from '../record/secrets.ts'
import { createStandIns } from '../stand-in.ts'
import type { Recording } from '../types.ts'
import { wires } from './planted-wires.ts'

/** A credential, and an exchange that holds it. */
export interface Planted {
  secret: string
  /** Where the credential was put, for the message of a failing test. */
  place: string
  seen: SeenExchange
}

/** The names that the recorder must know, in the spelling of snake_case. */
export const NAMES =
  `access_key access_token api_key apikey auth auth_token authorization aws_secret_access_key
  aws_session_token bearer_token bot_token client_secret connection_string consumer_secret cookie credential credentials
  csrf_token db_password github_token hmac_secret id_token jwt license_key ocp_apim_subscription_key openai_api_key
  passphrase passwd password pin private_key proxy_authorization refresh_token secret secret_key session_token set_cookie
  shared_access_signature sig signature signing_key subscription_key token vault_token webhook_secret x_amz_credential
  x_amz_security_token x_amz_signature x_api_key x_auth_token x_functions_key x_goog_signature x_my_service_key`
    .trim()
    .split(/\s+/)

const spellings: ((name: string) => string)[] = [
  (name) => name,
  (name) => name.replaceAll('_', '-'),
  (name) => name.toUpperCase(),
  (name) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
  (name) =>
    name.replace(/(^|_)(\w)/g, (_, dash: string, letter: string) => (dash && '-') + letter.toUpperCase()),
  (name) => name.replace(/(^|_)(\w)/g, (_, __, letter: string) => letter.toUpperCase()),
  (name) => name.replaceAll('_', '.'),
]

export const names = fc
  .tuple(fc.constantFrom(...NAMES), fc.constantFrom(...spellings))
  .map(([name, spell]) => spell(name))

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789']
const text = (characters: string[], minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength, maxLength })

/**
 * Credentials as they occur: random letters and digits, with the signs of base64 and of passwords, with quotation marks
 * and backslashes, hexadecimal, UUIDs, beyond ASCII. Each has letters and digits, so that it is no common word.
 */
export const secrets = fc
  .oneof(
    text(letters, 12, 60),
    text([...letters, ...'+/_-.~'], 14, 60),
    text([...letters, ...'!@#$%^*()&=?,;: "\'\\<>{}[]'], 14, 40),
    text([...'0123456789abcdef'], 32, 64),
    fc.uuid(),
    text([...letters, 'é', '😀', '漢'], 12, 30),
    text([...letters, '\n'], 14, 60),
  )
  .map((random) => `q7${random.trim()}Z3`)

/** Credentials with a form that tells what they are. They need no name. */
export const shaped = fc
  .tuple(
    text(letters, 40, 40),
    fc.constantFrom('sk-proj-', 'ghp_', 'xoxb-', 'npm_', 'hf_', 'glpat-', 'AKIA', 'ya29.', 'gsk_'),
  )
  .map(([random, prefix]) => prefix + (prefix === 'AKIA' ? random.slice(0, 16).toUpperCase() : random))

/** Filling around a credential: harmless JSON with fields of the API and others. */
const filling: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>(null, true, 0, 12, 'text', 'resp_0123456789abcdef', 'a "quoted" {text}', "it's"),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('type', 'text', 'city', 'input_tokens', 'items', 'note'), tie('value'), {
      maxKeys: 2,
    }),
  ),
})).value

/** Puts a value at some depth: below keys and in lists, in JSON inside a string, and again. */
const wraps = fc.array(
  fc.constantFrom<(held: Json, beside: Json) => Json>(
    (held, beside) => ({ note: beside, inner: held }),
    (held, beside) => [beside, held, 'x'],
    (held) => ({ type: 'function_call_output', output: JSON.stringify(held) }),
    (held, beside) => JSON.stringify({ result: held, beside }),
    (held) => JSON.stringify([held], null, 2),
    (held) => `Result: ${JSON.stringify(held)}`,
    (held) => `\`\`\`json\n${JSON.stringify(held, null, 1)}\n\`\`\`\n`,
    (held) => ({
      content: [{ type: 'output_text', text: JSON.stringify(held), annotations: [], logprobs: [] }],
    }),
  ),
  { maxLength: 4 },
)

interface Plant {
  place: string
  body: Json
}

/** A credential under its name, in each form that bodies have. */
function plant(name: string, secret: string): fc.Arbitrary<Plant> {
  const put = (place: string, body: Json) => fc.constant({ place, body })
  const one: JsonObject = { [name]: secret }
  return fc.oneof(
    { weight: 6, arbitrary: put('a field', one) },
    put('a list', { [name]: ['x', secret] }),
    put('an object below the name', { [name]: { type: 'custom', inner: { value: secret } } }),
    put('a pair', [{ name, value: secret }]),
    put('a pair, value first', [{ value: secret, key: name }]),
    put('a list of pairs', [[name, secret]]),
    put('an MCP tool, authorization', mcp({ authorization: secret })),
    put('an MCP tool, headers', mcp({ headers: { [name]: secret, 'x-other': 'y' } })),
    put('an MCP tool, a header', mcp({ headers: { 'x-tenant': secret } })),
    put('an MCP tool, path', mcp({ server_url: `https://mcp.example/${encodeURIComponent(secret)}/sse` })),
    put(
      'an MCP tool, parameter',
      mcp({ server_url: `https://mcp.example/sse?k=${encodeURIComponent(secret)}` }),
    ),
    put(
      'an MCP tool, password',
      mcp({ server_url: `https://me:${encodeURIComponent(secret)}@mcp.example/` }),
    ),
    put('domain secrets', {
      tools: [
        {
          type: 'code_interpreter',
          container: {
            type: 'auto',
            network_policy: {
              type: 'allowlist',
              domain_secrets: [{ domain: 'a.example', name: 'KEY', value: secret }],
            },
          },
        },
      ],
    }),
    put('prompt variables', {
      prompt: { id: 'pmpt_1', variables: { any: secret, more: { type: 'input_text', text: secret } } },
    }),
    put('metadata', { metadata: { [name]: secret } }),
    put('client metadata', { client_metadata: { [name]: secret } }),
    put('a default in a schema', {
      parameters: { type: 'object', properties: { [name]: { type: 'string', default: secret } } },
    }),
    put(
      'a URL parameter',
      `see https://a.example/x?y=1&${encodeURIComponent(name)}=${encodeURIComponent(secret)}#z`,
    ),
    put('a form', `grant_type=x&${encodeURIComponent(name)}=${encodeURIComponent(secret)}&b=c`),
    put('a form of URLSearchParams', new URLSearchParams({ a: 'b', [name]: secret }).toString()),
    ...(/["'\\\n]/.test(secret)
      ? []
      : [
          put('a Python dict', `{'ok': True, '${name}': '${secret}'}`),
          put('a Ruby hash', `{"${name}" => "${secret}"}`),
        ]),
    ...(/^[\w+/.~-]+$/.test(secret)
      ? [
          put('a shell line', `export A=1; ${name.replaceAll(/[.-]/g, '_')}=${secret} run`),
          put('a header line', `> ${name}: ${secret}\n> accept: */*`),
        ]
      : []),
  )
}

const mcp = (fields: JsonObject): Json => ({
  tools: [{ type: 'mcp', server_label: 's', server_url: 'https://mcp.example/sse', ...fields }],
})

/** Ways in which a service or a tool repeats a credential that was seen. */
const echoes: readonly ((secret: string) => Json)[] = [
  (secret) => `you sent ${secret}.`,
  (secret) => encodeURIComponent(secret),
  (secret) => encodeURIComponent(secret).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  (secret) => encodeURIComponent(encodeURIComponent(secret)),
  (secret) => Buffer.from(secret).toString('base64'),
  (secret) => Buffer.from(secret).toString('base64url'),
  (secret) => `Basic ${Buffer.from(`user:${secret}`).toString('base64')}`,
  (secret) => Buffer.from(`{"a":"${secret}"}`).toString('base64'),
  (secret) => JSON.stringify(JSON.stringify({ said: secret })),
  (secret) =>
    JSON.stringify(secret).replace(
      /[^\x20-\x7e]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  (secret) => ({ [secret]: 1 }),
]

/** Exchanges with a credential anywhere: in the request, the response, a header, and repeated in other spellings. */
export const planted: fc.Arbitrary<Planted> = fc
  .tuple(names, fc.oneof({ weight: 9, arbitrary: secrets }, shaped), fc.boolean())
  .chain(([name, secret, unnamed]) =>
    fc.record({
      name: fc.constant(name),
      secret: fc.constant(secret),
      plant:
        unnamed && /^[a-zA-Z]+[-_.0-9]/.test(secret) && !secret.startsWith('q7')
          ? fc.constant({ place: 'prose', body: `my key is ${secret}, keep it.` })
          : plant(name, secret),
      wraps,
      beside: filling,
      where: fc.constantFrom('request', 'response', 'both', 'header', 'query'),
      wire: fc.constantFrom(...wires),
      echo: fc.option(fc.constantFrom(...echoes)),
      cuts: fc.array(fc.nat(), { maxLength: 12 }),
    }),
  )
  .map(({ name, secret, plant, wraps, beside, where, wire, echo, cuts }) => {
    const named = wraps.reduce<Json>((held, wrap) => wrap(held, beside), plant.body)
    const echoed = echo === null ? beside : echo(secret)
    const inside = where === 'request' || where === 'both'
    const header = where === 'header' && /^[\x21-\x7e]+$/.test(secret)
    const request: Json = {
      model: 'm',
      input: inside ? [{ role: 'user', content: 'x', held: named }] : 'x',
      extra: inside ? null : echoed,
    }
    const response: Json = {
      id: 'resp_1',
      note: echoed,
      held: where === 'request' || header ? beside : named,
    }
    const { type, text: body } = wire(response, cuts)
    return {
      secret,
      place: `${plant.place} ${name}, ${where}, ${type}`,
      seen: {
        method: 'POST',
        path: '/responses',
        search: new URLSearchParams(where === 'query' ? { [name]: secret } : {}),
        requestHeaders: new Headers({
          'content-type': 'application/json',
          ...(header && { [name]: secret }),
        }),
        requestBody: Buffer.from(JSON.stringify(request)),
        status: 200,
        responseHeaders: new Headers({ 'content-type': type }),
        responseBody: Buffer.from(body),
      },
    }
  })

/** Returns the text of the file that the recorder writes for exchanges. */
export function writeScrubbed(all: readonly SeenExchange[]): { text: string; recordings: Recording[] } {
  const standIns = createStandIns()
  const cleaner = createCleaner(standIns)
  const scrubber = createScrubber(standIns)
  const recordings = all.map((seen) => {
    for (const pairs of [seen.requestHeaders, seen.search, seen.responseHeaders])
      for (const secret of listHeaderSecrets(pairs)) scrubber.learn(secret)
    const recording = buildRecording(seen, 'https://api.openai.com/v1', cleaner)
    scrubber.learnRecording(recording)
    return recording
  })
  const file = scrubber.scrub({ schema: 1, id: 'planted', recordings })
  const left = findSecrets(file, scrubber.listKnown())
  if (left.length > 0) throw new Error(`the scan refuses the file: ${JSON.stringify(left)}`)
  return { text: writeRecordingText(file), recordings: file.recordings }
}
