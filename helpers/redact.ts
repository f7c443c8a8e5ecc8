/** Removes secrets from texts before they are written anywhere: known secrets, and everything that looks like one. */

/** Replaces a secret. */
const mark = '[redacted]'

/** Patterns of secrets. To keep JSON valid, none matches a quotation mark, or a backslash other than in the line ends of a private key. */
const looksLikeOne: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[^"-]*-----END [A-Z ]*PRIVATE KEY-----/g,
  // A JSON Web Token, as service accounts have.
  /\beyJ[\w-]{10,}\.[\w-]+\.[\w-]*/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_\w{20,}/g,
  /\bk8s-aws-v1\.[\w-]+/g,
]

/** Patterns of a label and a secret after it; the label is kept. The text may be inside JSON, where a quotation mark follows a backslash. */
const labelled: readonly RegExp[] = [
  /(\bbearer(?:\s|\\[nrt])+)[^\s"'\\]+/gi,
  /((?:token|password|passwd|secret|api[-_]?key)(?:\\*["'])?\s*[=:]\s*(?:\\*["'])?)[^\s"'\\,}]+/gi,
  /(--(?:token|password|secret|api-key)(?:\s+|\\*["'],\s*\\*["']))[^\s"'\\]+/gi,
  /(:\/\/[^/\s:@"']+:)[^/\s@"']+(?=@)/g,
]

/** Returns a function that removes secrets from a text. @param secrets known values; ignores those that are too short or too common */
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

/** Characters. A shorter value would also match words that are not secret. */
const leastLength = 8

/** Values that are not secret. Regions of cloud providers, e.g. `us-west-2` and `europe-west4`, occur in the names of nodes and images. */
const isCommon = /^(?:[a-z]{2}(?:-[a-z]+){1,2}-?\d{1,2}|[a-z]+-[a-z]+\d{1,2}|disabled|required|optional)$/

const secretName = /token|secret|passw|credential|api_?key|access_?key|private_?key/i

/** Returns the values of variables whose names say that they are secrets. */
export const secretsOfEnvironment = (env: Readonly<Record<string, string | undefined>>): string[] =>
  Object.entries(env).flatMap(([name, value]) => (secretName.test(name) && value ? [value] : []))

/** Returns every text in the users of a kubeconfig that may be a secret. @param kubeconfig parsed, of any shape */
export const secretsOfKubeconfig = (kubeconfig: unknown): string[] =>
  secretsIn(fieldOf(kubeconfig, 'users')).filter((text) => text.length >= leastLength)

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === field)?.[1] : undefined

/** Fields that are not secret and that messages quote. */
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

/** Options of credential plugins whose values are not secret: they name the cluster, the account and the format. */
const harmless =
  /^--?(?:i|region|profile|cluster(?:-name|-id)?|role(?:-arn)?|output|environment|server-id|tenant-id|login|location|project)$/

/** Returns the values of `--option value` and `--option=value`. Plain words such as `get-token` are commands of the plugin. */
function secretArguments(args: readonly string[]): string[] {
  return args.flatMap((argument, index) => {
    const [, option, value] = /^(--?[^=]+)(?:=(.*))?$/s.exec(argument) ?? []
    if (option !== undefined) return value === undefined || harmless.test(option) ? [] : [value]
    const before = args[index - 1] ?? ''
    const isHarmless = before.startsWith('-') ? harmless.test(before) : /^[a-z]+(?:-[a-z]+)*$/.test(argument)
    return isHarmless ? [] : [argument]
  })
}

/** Fields whose value is a secret, e.g. `password` or `DB_PASSWORD`, and options whose next argument is a secret. */
const field = /token|secret|passw|api[-_]?key/i
const option = /^--(?:token|password|secret|api-key)$/i

/** Copies a JSON value and removes secrets from its texts. @param redact removes secrets from one text */
export function redactTexts(value: unknown, redact: (text: string) => string): unknown {
  const part = (one: unknown, isSecret: boolean): unknown =>
    isSecret && typeof one === 'string' ? mark : redactTexts(one, redact)
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((one, index) => part(one, option.test(String(value[index - 1]))))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, part(one, field.test(name))]))
}

/** Copies `value` and restores what `original` has at the path. */
export function restored(value: unknown, original: unknown, [step, ...rest]: readonly PropertyKey[]): unknown {
  if (step === undefined) return original
  if (typeof value !== 'object' || value === null || typeof original !== 'object' || original === null) return value
  const set = (one: unknown, name: PropertyKey): unknown =>
    String(name) === String(step) ? restored(one, Reflect.get(original, step), rest) : one
  return Array.isArray(value)
    ? value.map(set)
    : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, set(one, name)]))
}
