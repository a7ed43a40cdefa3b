import { type FactOptions, factOptions } from '../../../mocks/service/options.ts'
import { buildValues, type Word } from './word.ts'

const background = 'about background responses, which no plan asks for'

/** The options of the service that cannot affect a plan, each with the reason. */
const withoutEffect: Partial<Record<keyof FactOptions, string>> = {
  continueRunning: background,
  continueDeleted: 'no plan deletes a response',
  zeroDataRetention: 'refuses chains of responses for every runtime',
  everyKindAnswered: 'all tools of a plan are functions',
  backgroundUnstored: background,
  cancelCompleted: background,
  cancelledStream: background,
  deleteRunning: background,
  deletedResponse: 'no plan deletes a response',
  resumePastEnd: background,
  resumeUnstreamed: background,
  resumeRefusalCode: background,
  resumeMs: background,
  retentionMs: background,
  backgroundAdvance: background,
  toolChoiceAbsent: 'the settings of an agent name no tool',
  unknownModel: 'every model of a plan exists',
  prompts: 'the settings of an agent name no prompt',
  longMetadataKey: 'the settings of an agent have no long keys',
  mcpWithoutLabel: 'all tools of a plan are functions',
  socketLanes: 'a plan asks over HTTP, or one request at a time',
  adjacentUpdates: 'no plan changes the configuration within a run',
}

/** Words about the simulated service and about what the harness measures. */
export const serviceWords: readonly Word[] = [
  {
    name: 'service',
    values: buildValues(['by default', 'with an option']),
    read: ({ plan: { service = {} } }) => [
      Object.keys(service).length === 0 ? 'by default' : 'with an option',
    ],
  },
  {
    name: 'option of the service',
    values: buildValues(Object.keys(factOptions.shape).filter((name) => !(name in withoutEffect))),
    read: ({ plan: { service = {} } }) => Object.keys(service),
    unpaired: 'few plans have an option, and the word `service` is in pairs',
  },
  {
    name: 'growth',
    values: buildValues(['true']),
    read: ({ plan: { growth } }) => (growth ? ['true'] : []),
    unpaired: 'a measurement takes several times as long as its plan, so few plans have one',
  },
]
