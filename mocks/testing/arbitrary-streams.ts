import fc from 'fast-check'
import {
  applyPatch,
  bare,
  codeInterpreter,
  customCall,
  fileSearch,
  functionCall,
  imageGeneration,
  mcpCall,
  mcpListTools,
  message,
  reasoning,
  type StreamedItem,
  shellCall,
  shellOutput,
  webSearch,
} from './streamed-items.ts'
import type { StreamPlan } from './streams.ts'

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
const texts = fc.array(text, { maxLength: 3 })
const json = fc.json({ maxDepth: 2 })

const annotation = fc.record({ type: fc.constant('url_citation'), url: text })
const part = fc.oneof(
  fc.record({ text: fc.string({ maxLength: 40 }), annotations: fc.array(annotation, { maxLength: 3 }) }),
  fc.record({ refusal: text }),
)

/** An arbitrary legal item, as a function of its number. */
const legalItem: fc.Arbitrary<(n: number) => StreamedItem> = fc.oneof(
  fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => (n: number) => message(`msg_${n}`, parts)),
  json.map((args) => (n: number) => functionCall(`fc_${n}`, 'look_up', args)),
  text.map((input) => (n: number) => customCall(`ctc_${n}`, 'look_up', input)),
  fc.tuple(texts, texts).map(
    ([summaries, contents]) =>
      (n: number) =>
        reasoning(`rs_${n}`, summaries, contents),
  ),
  text.map((code) => (n: number) => codeInterpreter(`ci_${n}`, code)),
  fc.tuple(json, fc.boolean()).map(
    ([args, fails]) =>
      (n: number) =>
        mcpCall(`mcp_${n}`, args, fails),
  ),
  fc.nat({ max: 3 }).map((partials) => (n: number) => imageGeneration(`ig_${n}`, partials)),
  fc.option(text, { nil: undefined }).map((diff) => (n: number) => applyPatch(`apc_${n}`, diff)),
  texts.map((commands) => (n: number) => shellCall(`sh_${n}`, commands)),
  fc.tuple(text, text).map(
    ([stdout, stderr]) =>
      (n: number) =>
        shellOutput(`sho_${n}`, stdout, stderr),
  ),
  fc.constantFrom<((n: number) => StreamedItem)[]>(
    (n) => webSearch(`ws_${n}`),
    (n) => fileSearch(`fs_${n}`),
    (n) => mcpListTools(`mcpl_${n}`),
    (n) => bare(`cmp_${n}`, 'compaction', undefined, { encrypted_content: 'sealed' }),
    (n) => bare(`mcpr_${n}`, 'mcp_approval_request', undefined, { name: 'roll', server_label: 'dice' }),
    (n) => bare(`cm_${n}`, 'program', undefined, { call_id: `call_${n}`, code: 'text(1)' }),
    (n) => bare(`lsh_${n}`, 'local_shell_call', 'completed', { call_id: `call_${n}` }),
    (n) => bare(`tsc_${n}`, 'tool_search_call', 'completed', { call_id: null, execution: 'server' }),
    (n) => bare(`cu_${n}`, 'computer_call', 'completed', { call_id: `call_${n}` }),
  ),
)

/** Any legal stream: items of all kinds in any number and order, with each way of beginning and ending. */
export const legalStreams: fc.Arbitrary<StreamPlan> = fc
  .record({
    makers: fc.array(legalItem, { maxLength: 6 }),
    queued: fc.boolean(),
    ends: fc.constantFrom<NonNullable<StreamPlan['ends']>[]>('completed', 'incomplete', 'failed'),
    errorEvent: fc.boolean(),
  })
  .map(({ makers, queued, ends, errorEvent }) => ({
    items: makers.map((make, n) => make(n)),
    queued,
    ends,
    errorEvent: errorEvent && ends === 'failed',
  }))
