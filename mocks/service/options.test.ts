import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { factOptions } from './options.ts'

describe('the choices where the facts are unknown', () => {
  it('each have a default, and a description that names the section and the default', () => {
    const { properties = {} } = z.toJSONSchema(factOptions, { io: 'input' })
    expect(Object.keys(properties).length).toBeGreaterThan(15)
    for (const [name, held] of Object.entries(properties)) {
      const option = typeof held === 'object' ? held : {}
      expect({ name, default: option.default }).not.toEqual({ name, default: undefined })
      expect(`${name}: ${option.description}`).toMatch(/SERVICE-FACTS|not known/)
    }
  })

  it('refuse what they do not know', () => {
    expect(() => factOptions.parse({ afterCut: 'perhaps' })).toThrow()
    expect(() => factOptions.parse({ unheard: true })).toThrow()
  })
})
