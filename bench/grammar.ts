import { checkStream } from '../mocks/grammar/stream.ts'
import type { StreamEvent } from '../mocks/grammar/types.ts'
import {
  codeInterpreter,
  functionCall,
  mcpCall,
  message,
  reasoning,
  webSearch,
} from '../mocks/testing/streamed-items.ts'
import { buildStream } from '../mocks/testing/streams.ts'

export interface GrammarBench {
  /** Parsed stream events checked per second on one thread, as the median of the rounds. */
  eventsPerSecond: number
  /** Events in one pass over all streams. */
  events: number
  streams: number
  rounds: number
}

/**
 * Measures how fast the grammar checks parsed streams. The streams are generated, with the length of recorded streams
 * (SERVICE-FACTS 10: median 18 events, p90 106, p99 566) and the same share of deltas.
 */
export async function benchGrammar(rounds = 9): Promise<GrammarBench> {
  // The round trip through JSON gives the objects the same hidden classes as parsed events.
  const streams: StreamEvent[][] = JSON.parse(JSON.stringify(buildTypicalStreams()))
  const events = streams.reduce((sum, stream) => sum + stream.length, 0)
  const passes = Math.ceil(200_000 / events)
  checkAll(streams, passes)
  const rates = Array.from({ length: rounds }, () => {
    const begun = performance.now()
    checkAll(streams, passes)
    return (passes * events * 1000) / (performance.now() - begun)
  })
  rates.sort((a, b) => a - b)
  const eventsPerSecond = Math.round(rates[Math.floor(rounds / 2)] ?? 0)
  return { eventsPerSecond, events, streams: streams.length, rounds }
}

/** Checks every stream `passes` times. Throws if a stream breaks a rule, because only legal streams are measured. */
function checkAll(streams: readonly StreamEvent[][], passes: number): void {
  for (let pass = 0; pass < passes; pass++) {
    for (const stream of streams) {
      const [breach] = checkStream(stream).breaches
      if (breach) throw new Error(`a benchmark stream breaks ${breach.rule}: ${breach.message}`)
    }
  }
}

function buildTypicalStreams(): StreamEvent[][] {
  const said = (words: number) => ({ text: 'word '.repeat(words).trim() })
  return [
    buildStream({ items: [message('msg_1', [said(8)])] }),
    buildStream({ items: [message('msg_1', [said(60)])] }),
    buildStream({ items: [message('msg_1', [said(400)])] }),
    buildStream({ items: [functionCall('fc_1', 'look_up', '{"word":"gate"}')] }),
    buildStream({ items: [functionCall('fc_1', 'a', '{"n":1}'), functionCall('fc_2', 'b', '{"n":2}')] }),
    buildStream({ items: [reasoning('rs_1', []), message('msg_1', [said(20)])] }),
    buildStream({ items: [reasoning('rs_1', [said(60).text]), functionCall('fc_1', 'look_up', '{}')] }),
    buildStream({ items: [webSearch('ws_1'), message('msg_1', [said(30)])] }),
    buildStream({ items: [mcpCall('mcp_1', '{"sides":6}'), message('msg_1', [said(10)])] }),
    buildStream({
      items: [codeInterpreter('ci_1', 'print(2 ** 64)\n'.repeat(9)), message('msg_1', [said(9)])],
    }),
  ]
}
