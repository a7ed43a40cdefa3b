import { expect, test } from 'vitest'
import { parseYaml } from './yaml.ts'

test('YAML of more than 8 MB is refused before it is parsed', () => {
  const most = 8 * 1024 * 1024
  // Comments are cheap to parse.
  const text = `- 1 #${'x'.repeat(most - 5)}`
  expect(parseYaml(text, 'some.yaml')).toEqual([1])
  expect(() => parseYaml(`${text}x`, 'some.yaml')).toThrow(
    'some.yaml: file: found 8388609 bytes of YAML, expected at most 8388608',
  )
})
