import { bodyFormRules } from './body-form.ts'
import { conversationRules } from './conversations.ts'
import { createBodyRules, inputGiven, inputNotEmpty } from './create-body.ts'
import { httpRequestRules } from './http-request.ts'
import { inputRules } from './input.ts'
import { contextFitsTheModel, listedModelFound, modelRules } from './models.ts'
import { historyRules } from './previous-response.ts'
import { resumeRules } from './resume.ts'
import type { RequestRule } from './rule.ts'
import { storedResponseRules } from './stored-responses.ts'

/** Every rule of the Responses API about requests, once. The rules of chat completions are in `chat.ts`. */
export const requestRules: readonly RequestRule<never>[] = [
  ...new Set<RequestRule<never>>([
    ...httpRequestRules,
    ...bodyFormRules,
    inputGiven,
    ...createBodyRules,
    ...historyRules,
    inputNotEmpty,
    ...modelRules,
    listedModelFound,
    ...conversationRules,
    ...inputRules,
    contextFitsTheModel,
    ...storedResponseRules,
    ...resumeRules,
  ]),
]
