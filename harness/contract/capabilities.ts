import { hookNames, pullNames, sessionModes, stopNames } from '../plan/schema.ts'
import { describeKnownWords } from './nearest-words.ts'
import type { Capability, Runtime } from './runtime.ts'

type Own = Exclude<
  Capability,
  | (typeof hookNames)[number]
  | (typeof sessionModes)[number]
  | (typeof pullNames)[number]
  | (typeof stopNames)[number]
>

/** The capabilities that are no hook, session mode, pull or stop. */
const own = {
  stream: true,
  tools: true,
  'parallel-tools': true,
  'agent-tool': true,
  handoff: true,
  flow: true,
  spans: true,
  semconv: true,
  content: true,
  toggle: true,
  'step-hooks': true,
  threads: true,
  retries: true,
  'unstored-session': true,
  signal: true,
  'call-errors': true,
  limit: true,
  settings: true,
  items: true,
  'added-instructions': true,
  'two-cleanups': true,
  websocket: true,
} satisfies Record<Own, true>

/** Every capability. */
export const capabilities: readonly string[] = [
  ...Object.keys(own),
  ...hookNames,
  ...sessionModes,
  ...pullNames,
  ...stopNames,
]

/**
 * Returns what is wrong with the words by which a runtime says what it can do, or undefined. An unknown word would only make
 * the checks that need the right word not applicable.
 */
export function findUnknownWord({
  supports,
  hooks,
}: Pick<Runtime, 'supports' | 'hooks'>): string | undefined {
  for (const word of supports) {
    if (!capabilities.includes(word)) return describeUnknown('supports', word, capabilities)
  }
  for (const [name, hook] of Object.entries(hooks)) {
    const means: string = hook.means
    if (!(hookNames as readonly string[]).includes(means))
      return describeUnknown(`hooks[${JSON.stringify(name)}].means`, means, hookNames)
  }
  const means = new Set(Object.values(hooks).map((hook) => hook.means))
  const missing = hookNames.find((name) => supports.has(name) && !means.has(name))
  return (
    missing && `supports: found ${JSON.stringify(missing)}, expected a hook in hooks that means ${missing}`
  )
}

function describeUnknown(place: string, word: unknown, known: readonly string[]): string {
  return `${place}: found ${JSON.stringify(word) ?? typeof word}, expected ${describeKnownWords(String(word), known)}`
}
