/** Takes secrets out of a text before it is written anywhere: those that are known, and what looks like one. */

/** Stands where a secret was. */
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

/** What stands before the secret stays. A text may itself hold JSON, or stand in it: then a quotation mark has a backslash before it. */
const labelled: readonly RegExp[] = [
  /(\bbearer(?:\s|\\[nrt])+)[^\s"'\\]+/gi,
  /((?:token|password|passwd|secret|api[-_]?key)(?:\\*["'])?\s*[=:]\s*(?:\\*["'])?)[^\s"'\\,}]+/gi,
  /(--(?:token|password|secret|api-key)(?:\s+|\\*["'],\s*\\*["']))[^\s"'\\]+/gi,
  /(:\/\/[^/\s:@"']+:)[^/\s@"']+(?=@)/g,
]

/** @param secrets known values; those that cannot be secrets are passed over */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const known = [...new Set(secrets)]
    .filter((secret) => secret.length >= leastLength && !isCommon.test(secret))
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

/** Regions of cloud providers, e.g. `us-west-2` and `europe-west4`, stand in the names of nodes and images. */
const isCommon = /^(?:[a-z]{2}(?:-[a-z]+){1,2}-?\d{1,2}|[a-z]+-[a-z]+\d{1,2}|disabled|required|optional)$/

const secretName = /token|secret|passw|credential|api_?key|access_?key|private_?key/i

/** The values of variables that are named like secrets. */
export const secretsOfEnvironment = (env: Readonly<Record<string, string | undefined>>): string[] =>
  Object.entries(env).flatMap(([name, value]) => (secretName.test(name) && value ? [value] : []))

/** Every text that a kubeconfig keeps about its users and that may be a secret. @param kubeconfig parsed, of any shape */
export const secretsOfKubeconfig = (kubeconfig: unknown): string[] =>
  secretsIn(fieldOf(kubeconfig, 'users')).filter((text) => text.length >= leastLength)

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === field)?.[1] : undefined

/** Names are no secrets, and stand in messages. */
const names: ReadonlySet<string> = new Set(['name', 'apiVersion', 'command', 'interactiveMode', 'installHint'])

function secretsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(secretsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]: [string, unknown]) => {
    if (names.has(name)) return []
    if (name === 'args' && Array.isArray(part)) return secretArguments(part.map(String))
    if (name === 'env' && Array.isArray(part))
      return part.filter((entry) => secretName.test(String(fieldOf(entry, 'name')))).flatMap(secretsIn)
    return secretsIn(part)
  })
}

/** Options of credential plugins whose values are no secrets: they name the cluster, the account and the format. */
const harmless =
  /^--?(?:i|region|profile|cluster(?:-name|-id)?|role(?:-arn)?|output|environment|server-id|tenant-id|login|location|project)$/

/** Of `--option value` and `--option=value` the value; words such as `get-token` are the plugin's own. */
function secretArguments(args: readonly string[]): string[] {
  return args.flatMap((argument, index) => {
    const [, option, value] = /^(--?[^=]+)(?:=(.*))?$/s.exec(argument) ?? []
    if (option !== undefined) return value === undefined || harmless.test(option) ? [] : [value]
    const before = args[index - 1] ?? ''
    const isHarmless = before.startsWith('-') ? harmless.test(before) : /^[a-z]+(?:-[a-z]+)*$/.test(argument)
    return isHarmless ? [] : [argument]
  })
}

/** The name of a field whose value is a secret, e.g. `password` or `DB_PASSWORD`; of an option whose next argument is one. */
const field = /token|secret|passw|api[-_]?key/i
const option = /^--(?:token|password|secret|api-key)$/i

/** @param redact takes secrets out of one text @returns a copy of a value of JSON */
export function redactTexts(value: unknown, redact: (text: string) => string): unknown {
  const part = (one: unknown, isSecret: boolean): unknown =>
    isSecret && typeof one === 'string' ? mark : redactTexts(one, redact)
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((one, index) => part(one, option.test(String(value[index - 1]))))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, part(one, field.test(name))]))
}

/** @returns a copy of `value` that has what `original` has at `path` */
export function restored(value: unknown, original: unknown, [step, ...rest]: readonly PropertyKey[]): unknown {
  if (step === undefined) return original
  if (typeof value !== 'object' || value === null || typeof original !== 'object' || original === null) return value
  const set = (one: unknown, name: PropertyKey): unknown =>
    String(name) === String(step) ? restored(one, Reflect.get(original, step), rest) : one
  return Array.isArray(value)
    ? value.map(set)
    : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, set(one, name)]))
}
