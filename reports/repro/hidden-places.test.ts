import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hidePlaces } from './hidden-places.ts'

describe('the places of a machine', () => {
  it.each([
    ['in /tmp/conform-home-aB3/.cache', 'in {home}/.cache'],
    ['"/tmp/conform-home-aB3"', '"{home}"'],
    ['/a/conform-home-x:/b/conform-home-y:/c', '{home}:/c'],
    ['/a/conform-home-x/conform-home-', '{home}/conform-home-'],
    ['xconform-home-a', 'xconform-home-a'],
    ['conform-home-', 'conform-home-'],
    ['/work/here/file', '{cwd}/file'],
  ])('are hidden: %j', (told, hidden) => {
    expect(hidePlaces({ told }, '/work/here')).toEqual({ told: hidden })
  })

  it('are the same as one expression finds', () => {
    const words = fc.constantFrom('conform-home-', 'a', '/', ' ', '-', '"', 'é')
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30, size: 'max' }), (parts) => {
        const text = parts.join('')
        const expected = JSON.stringify(text).replaceAll(/[^\s"]*\bconform-home-\w+/g, '{home}')
        expect(hidePlaces(text, '/')).toBe(JSON.parse(expected))
      }),
    )
  })

  // In quadratic time each of these takes hours.
  it.each([
    ['letters', 'a'.repeat(4_000_000)],
    ['one word, a home in front', `/conform-home-a${'/'.repeat(4_000_000)}`],
    ['homes without a name', 'conform-home-'.repeat(300_000)],
    ['homes in words', 'xconform-home-a'.repeat(300_000)],
    ['names', `conform-home-${'a'.repeat(4_000_000)}`],
  ])('are hidden in 4 MB of text: %s', (_, text) => {
    expect(hidePlaces({ text }, '/nowhere').text.length).toBeLessThanOrEqual(text.length)
  })
})
