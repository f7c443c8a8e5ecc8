/** Takes secrets out of a text before it is written anywhere: those that are known, and what looks like one. */

const mark = '[redacted]'

/** Each leaves JSON whole: none takes a quotation mark or a backslash with it, but for the line ends within a key. */
const looksLikeOne: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[^"-]*-----END [A-Z ]*PRIVATE KEY-----/g,
  // A JSON Web Token, as service accounts have.
  /\beyJ[\w-]{10,}\.[\w-]+\.[\w-]*/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_\w{20,}/g,
  /\bk8s-aws-v1\.[\w-]+/g,
]

/** What stands before the secret stays. */
const labelled: readonly RegExp[] = [
  /(\bbearer\s+)[^\s"'\\]+/gi,
  /((?:token|password|passwd|secret|api[-_]?key)["']?\s*[=:]\s*["']?)[^\s"'\\,}]+/gi,
  /(--(?:token|password|secret|api-key)(?:\s+|["'],\s*["']))[^\s"'\\]+/gi,
  /(:\/\/[^/\s:@"']+:)[^/\s@"']+(?=@)/g,
]

/** @param secrets known values; shorter ones than a secret can be are passed over */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const known = [...new Set(secrets)]
    .filter((secret) => secret.length >= leastLength)
    .flatMap((secret) => [...new Set([secret, JSON.stringify(secret).slice(1, -1)])])
    .toSorted((a, b) => b.length - a.length)
  return (text) => {
    let clean = text
    for (const secret of known) clean = clean.replaceAll(secret, mark)
    for (const pattern of looksLikeOne) clean = clean.replace(pattern, mark)
    for (const pattern of labelled) clean = clean.replace(pattern, `$1${mark}`)
    return clean
  }
}

/** A shorter value would be found in words that are no secret. */
const leastLength = 8

const secretName = /token|secret|passw|credential|api_?key|access_?key|private_?key/i

/** The values of variables that are named like secrets. */
export const secretsOfEnvironment = (env: Readonly<Record<string, string | undefined>>): string[] =>
  Object.entries(env).flatMap(([name, value]) => (secretName.test(name) && value ? [value] : []))

/** Every text that a kubeconfig keeps about its users. @param kubeconfig parsed, of any shape */
export function secretsOfKubeconfig(kubeconfig: unknown): string[] {
  const users = textsAt(kubeconfig, 'users')
  return users.filter((text) => text.length >= leastLength)
}

const textsAt = (value: unknown, field: string): string[] =>
  typeof value === 'object' && value !== null && field in value
    ? textsIn(Object.entries(value).find(([name]) => name === field)?.[1])
    : []

/** All texts in a value, but for names: those are no secrets, and stand in messages. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) =>
    name === 'name' || name === 'apiVersion' ? [] : textsIn(part),
  )
}
