/** A text with the form of a credential. If only a part of it is the credential, the group `secret` is that part. */
export interface Shape {
  kind: string
  pattern: RegExp
}

/** Every shape holds one of these. Most texts hold none, and this test is fast. */
export const HINT =
  /sk-|[srp]k_|a[ks]ia|aiza|ya29|gh[pousr]_|github_pat|glpat|xox|hooks\.slack|discord|bot\d|sg\.|npm_|pypi-|hf_|gsk_|xai-|eyj|-----begin|bearer|basic|:\/\/|cookie|key|token|secret|passw/i

const start = '(?<![A-Za-z0-9_-])'

/** The forms of known kinds of keys. Real prefixes are case-sensitive; ignoring the case can only replace more. */
export const SHAPES: readonly Shape[] = Object.entries({
  'an API key (sk-…)': `${start}sk-[A-Za-z0-9_-]{16,}`,
  'a Stripe key': `${start}[srp]k_(?:live|test)_[A-Za-z0-9]{16,}`,
  'an AWS access key': `${start}(?:AKIA|ASIA)[0-9A-Z]{16}(?![A-Za-z0-9])`,
  'a Google API key': `${start}AIza[0-9A-Za-z_-]{35}`,
  'a Google OAuth token': `${start}ya29\\.[0-9A-Za-z_-]{20,}`,
  'a GitHub token': `${start}(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{20,})`,
  'a GitLab token': `${start}glpat-[A-Za-z0-9_-]{16,}`,
  'a Slack token': `${start}xox[abeoprs]-[A-Za-z0-9-]{10,}`,
  'a Slack webhook': 'hooks\\.slack\\.com/services/(?<secret>[A-Za-z0-9/]{20,})',
  'a Discord webhook': 'discord(?:app)?\\.com/api/webhooks/\\d{6,30}/(?<secret>[A-Za-z0-9_-]{20,})',
  'a Telegram bot token': '\\bbot(?<secret>\\d{6,20}:[A-Za-z0-9_-]{30,})',
  'a SendGrid key': `${start}SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}`,
  'an npm token': `${start}npm_[A-Za-z0-9]{30,}`,
  'a PyPI token': `${start}pypi-[A-Za-z0-9_-]{30,}`,
  'a Hugging Face token': `${start}hf_[A-Za-z0-9]{30,}`,
  'a Groq or xAI key': `${start}(?:gsk_|xai-)[A-Za-z0-9]{30,}`,
  'a JSON Web Token': `${start}eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}`,
  'a private key':
    '-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:[A-Za-z0-9+/=\\s\\\\:,.-]{0,16384}?-----END [A-Z ]{0,40}PRIVATE KEY-----)?',
  'an Authorization value': '\\b(?:Bearer|Basic)\\s+(?<secret>[A-Za-z0-9._~+/=-]{16,})',
  'a password in a URL':
    '(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,20}://[^\\s/:@"]{1,200}:(?<secret>[^\\s/@"]{1,200})@',
  'a cookie': '\\b(?:set-)?cookie["\']?\\s*[:=]\\s*["\']?[\\w.-]+=(?<secret>[^\\s;"\']{8,})',
  'a credential that is assigned':
    '(?:api[_-]?key|access[_-]?token|auth[_-]?token|client[_-]?secret|secret[_-]?key|passw(?:or)?d)["\']?\\s*[:=]\\s*["\']?(?=[^\\s"\']{0,100}\\d)(?<secret>[^\\s"\',;]{10,})',
}).map(([kind, pattern]) => ({ kind, pattern: new RegExp(pattern, 'dgi') }))
