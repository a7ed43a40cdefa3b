import { describe, expect, test } from 'vitest'
import { createService } from '../service.ts'
import { callService } from '../testing/calls.ts'

const secret = 'aB3dE6gH9jK2mN5p'
const tool = {
  type: 'mcp',
  server_label: 's',
  server_url: `https://me:${secret}@mcp.example:8443/${secret}/sse?key=${secret}`,
  authorization: secret,
  headers: { 'X-Api-Key': secret },
  require_approval: 'never',
}

describe('a response shows no credential of a tool', () => {
  const askFor = async (tools: object[], stream: boolean) => {
    const service = createService({ script: () => ({ items: [{ type: 'text', text: 'Hello.' }] }) })
    const body = { model: 'gpt-5.1', input: 'hi', tools, stream }
    const { json, events } = await callService(service, 'POST', '/responses', body)
    return { json, text: JSON.stringify([json, events]) }
  }

  test('of an MCP tool, as JSON and in every event of a stream', async () => {
    const { json } = await askFor([tool], false)
    expect(json['tools']).toEqual([
      {
        type: 'mcp',
        allowed_tools: null,
        headers: { 'X-Api-Key': '<redacted>' },
        require_approval: 'never',
        server_description: null,
        server_label: 's',
        server_url: 'https://mcp.example:8443/<redacted>',
      },
    ])
    for (const stream of [false, true]) expect((await askFor([tool], stream)).text).not.toContain(secret)
  })

  test('an MCP tool without headers has headers null, in the recorded order of fields', async () => {
    const { type, server_label, server_url } = tool
    const { json } = await askFor([{ server_url, server_label, type }], false)
    expect(JSON.stringify(json['tools'])).toBe(
      '[{"type":"mcp","allowed_tools":null,"headers":null,"server_description":null,"server_label":"s","server_url":"https://mcp.example:8443/<redacted>"}]',
    )
  })

  test('of the container of a code interpreter', async () => {
    const policy = {
      type: 'allowlist',
      allowed_domains: ['a.example'],
      domain_secrets: [{ domain: 'a.example', name: 'KEY', value: secret }],
    }
    const { json, text } = await askFor(
      [{ type: 'code_interpreter', container: { type: 'auto', network_policy: policy } }],
      false,
    )
    expect(text).not.toContain(secret)
    expect(json['tools']).toMatchObject([
      {
        container: {
          network_policy: { domain_secrets: [{ domain: 'a.example', name: 'KEY', value: '<redacted>' }] },
        },
      },
    ])
  })
})
