/** Takes secrets out of the texts within a value, and leaves everything else of it as it is. */
import { mark } from './redact.ts'

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
