import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeKnownWords, findNearestWords } from './nearest-words.ts'

const known = ['history', 'handoff', 'stream', 'spans', 'tools', 'before_run', 'after_run']

describe('findNearestWords', () => {
  it.each([
    ['histroy', ['history']],
    ['History', ['history']],
    ['stremm', ['stream']],
    ['tool', ['tools']],
    ['beforeRun', ['before_run']],
    ['xyz', []],
    ['', []],
    ['h'.repeat(101), []],
  ])('finds for %j: %j', (word, nearest) => {
    expect(findNearestWords(word, known)).toEqual(nearest)
  })

  it('finds a word from which one letter was removed, replaced or swapped', () => {
    fc.assert(
      fc.property(fc.constantFrom(...known), fc.nat(), fc.constantFrom('', 'q'), (word, place, letter) => {
        const at = place % word.length
        expect(findNearestWords(word.slice(0, at) + letter + word.slice(at + 1), known)[0]).toBe(word)
        const next = Math.min(at + 1, word.length - 1)
        const swapped = [...word]
        ;[swapped[at], swapped[next]] = [word[next] ?? '', word[at] ?? '']
        expect(findNearestWords(swapped.join(''), known)[0]).toBe(word)
      }),
    )
  })
})

describe('describeKnownWords', () => {
  it('names the nearest words, or all where none is near', () => {
    expect(describeKnownWords('histroy', known)).toBe('perhaps history')
    expect(describeKnownWords('xyz', ['a', 'b'])).toBe('one of a, b')
  })
})
