import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NAMES, names } from '../../testing/planted-secrets.ts'
import { isCredential, isSecretNumber, judgeName, splitName } from './names.ts'

describe('names of credentials', () => {
  test.each(NAMES)('%s is one', (name) => {
    expect(judgeName(name)).toBe('credential')
  })

  test('in every spelling: camelCase, kebab-case, header case, upper case', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect([name, judgeName(name)]).toEqual([name, 'credential'])
      }),
    )
    expect(splitName('XAmzSecurityToken')).toEqual(['x', 'amz', 'security', 'token'])
    expect(splitName('AWSAccessKeyId')).toEqual(['aws', 'access', 'key', 'id'])
  })

  test.each([
    'input_tokens',
    'output_tokens',
    'total_tokens',
    'max_output_tokens',
    'cached_tokens',
    'prompt_cache_key',
    'encrypted_content',
    'obfuscation',
    'call_id',
    'previous_response_id',
    'conversation',
    'item_reference',
    'author',
    'tokenizer',
    'monkey',
    'keyboard',
    'keywords',
    'compass',
    'design',
    'signal',
    'code',
    'key',
    'keys',
    'public_key',
    'primary_key',
    'sortKey',
    'idempotency-key',
    'token_type',
    'token_count',
    'session_id',
    'password_policy',
    'secret_name',
    'auth_method',
  ])('%s alone is none', (name) => {
    expect(judgeName(name)).not.toBe('credential')
    expect(isCredential(name, 'a plain value')).toBe(false)
  })

  test('an ambiguous name with a random key is one, with a word, an id, a date, a URL or a path none', () => {
    for (const name of ['key', 'session', 'nonce', 'token_type', 'public_key', 'tokens', 'code']) {
      expect(isCredential(name, 'aB3dE6gH9jK2mN5pQ8sT')).toBe(true)
      for (const value of [
        'Enter',
        'CTRL',
        'resp_0123456789abcdef0123',
        '2026-01-01T00:00:00Z',
        'https://example.com/0123456789',
        'src/keys/ed25519.ts',
        'a sentence with 2 numbers in it',
      ])
        expect([name, value, isCredential(name, value)]).toEqual([name, value, false])
    }
    expect(isCredential('session_id', '019f661a-ce3e-7f51-bc9b-d4562a1fe3b2')).toBe(false)
    expect(isCredential('secret_id', '019f661a-ce3e-7f51-bc9b-d4562a1fe3b2')).toBe(true)
  })

  test('a number under a credential name is one, a count of tokens is none', () => {
    expect(isSecretNumber('pin', 4)).toBe(true)
    expect(isSecretNumber('token', 6)).toBe(false)
    expect(isSecretNumber('api_key', 12)).toBe(true)
  })
})
