import type { StreamEvent } from '../grammar/types.ts'
import { isObject } from '../json.ts'
import type { Mutant } from './mutants.ts'

/** A mutant that breaks no rule, with the stream that it was made from. */
export interface Survivor {
  mutant: Mutant
  original: readonly StreamEvent[]
  /** The quirks of the original stream, and the quirks that only the mutant has. */
  quirks: ReadonlySet<string>
  newQuirks: readonly string[]
}

interface SurvivorClass {
  id: string
  /** Why such a mutant is a legal stream. */
  reason: string
  covers(survivor: Survivor): boolean
}

/**
 * Every known way in which one changed event gives another legal stream. A survivor of no class shows a gap of the
 * grammar.
 */
const SURVIVOR_CLASSES: readonly SurvivorClass[] = [
  {
    id: 'hosted-call-ends-early',
    reason: 'Azure ends a web search and an image without .completed; the mutant is recognised by that quirk',
    covers: ({ mutant, newQuirks }) =>
      dropped(mutant, /^response\.(web_search|image_generation)_call\.completed$/) &&
      newQuirks.includes('hosted-call-without-completed'),
  },
  {
    id: 'last-partial-image',
    reason: 'How many partial images come is not fixed: without the last the stream is whole',
    covers: ({ mutant }) => dropped(mutant, /^response\.image_generation_call\.partial_image$/),
  },
  {
    id: 'error-event-ends',
    reason: 'Nothing need follow an error event; the mutant is recognised by that quirk',
    covers: ({ mutant, newQuirks }) =>
      mutant.type === 'response.failed' &&
      /^(drop|truncate)/.test(mutant.kind) &&
      newQuirks.includes('error-event-last'),
  },
  {
    id: 'error-event-early',
    reason: 'An error event may come before response.in_progress; the mutant is recognised by that quirk',
    covers: ({ mutant, newQuirks }) =>
      dropped(mutant, /^response\.in_progress$/) && newQuirks.includes('error-event-first'),
  },
  {
    id: 'failed-without-error-event',
    reason: 'response.failed may come without an error event before it',
    covers: ({ mutant }) => dropped(mutant, /^error$/),
  },
  {
    id: 'resumed-stream-begins-later',
    reason: 'A resumed stream may begin with any event',
    covers: ({ mutant, quirks }) => dropped(mutant, /./) && mutant.at === 0 && quirks.has('resumed'),
  },
  {
    id: 'deltas-commute',
    reason: 'The two deltas give the same text in either order',
    covers: ({ mutant, original }) => {
      const [first, second] = [delta(original[mutant.at]), delta(original[mutant.at + 1])]
      return swapped(mutant) && first !== '' && first + second === second + first
    },
  },
  {
    id: 'stdout-and-stderr',
    reason: 'Deltas of stdout and of stderr add up apart from each other',
    covers: ({ mutant, original }) => {
      const [first, second] = [original[mutant.at], original[mutant.at + 1]].map(type)
      return swapped(mutant) && first === second && first === 'response.shell_call_output_content.delta'
    },
  },
  {
    id: 'failed-leaves-open',
    reason: 'A response that fails may leave its last item open',
    covers: ({ mutant, original }) =>
      dropped(mutant, /^response\.output_item\.done$/) &&
      original.slice(mutant.at + 1).every((event) => /^(error|response\.failed)$/.test(type(event))),
  },
  {
    id: 'annotation-among-deltas',
    reason: 'Where an annotation stands among the deltas of its part is not fixed',
    covers: ({ mutant, original }) => {
      const [first, second] = [type(original[mutant.at]), type(original[mutant.at + 1])]
      const annotation = 'response.output_text.annotation.added'
      const text = /^response\.output_text\.(delta|done)$/
      return (
        swapped(mutant) &&
        (first === annotation ? text.test(second) : second === annotation && text.test(first))
      )
    },
  },
  {
    id: 'interleaved-lists',
    reason: 'Of several mcp_list_tools items at once, order and ends are not fixed (quirk interleaved-items)',
    covers: ({ mutant, original, quirks, newQuirks }) =>
      (quirks.has('interleaved-items') || newQuirks.includes('interleaved-items')) &&
      /mcp_list_tools|output_item/.test(type(original[mutant.at])) &&
      (dropped(mutant, /./) || swapped(mutant)),
  },
]

/** Returns the id of the class that explains a survivor, or undefined. */
export function findExplanation(survivor: Survivor): string | undefined {
  return SURVIVOR_CLASSES.find(({ covers }) => covers(survivor))?.id
}

function dropped({ kind, type }: Mutant, types: RegExp): boolean {
  return kind === 'drop, then numbered' && types.test(type)
}

function swapped({ kind }: Mutant): boolean {
  return kind === 'swap, then numbered'
}

function type(event: StreamEvent | undefined): string {
  return isObject(event?.data) ? String(event.data['type']) : ''
}

function delta(event: StreamEvent | undefined): string {
  const held = isObject(event?.data) ? event.data['delta'] : undefined
  return typeof held === 'string' ? held : ''
}
