/** Formats numbers, durations and lists for messages and reports. */
import { closest } from 'fastest-levenshtein'

/** Returns the message of anything that was thrown, even if it is not an Error. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))

/** The short name of an error, e.g. `ECONNREFUSED`, or its message if it has none. */
export const errorCode = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : messageOf(thrown)

/** Control characters except newline and tab, and marks that change the direction of text. */
const unprintable = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

/**
 * Makes a text safe to print on a terminal. A history may come from anyone, and its texts may contain escape sequences, which can move the
 * cursor, change earlier output, or write to the clipboard. Each such character is printed as, for example, `\x1b` or `\u202e`.
 */
export const printable = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(unprintable, (character) => {
    const code = character.charCodeAt(0).toString(16)
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`
  })

/** Formats a value as a JSON document. Escapes the control characters that JSON does not escape, because such documents are also printed. */
export const printableJson = (value: unknown): string =>
  `${JSON.stringify(value, undefined, 2)}\n`.replace(
    /[\u007f-\u009f]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  )

/** Formats a number and what it counts: `1 flow`, `2 flows`. @param many the plural. Default: `one` and an s */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** Formats a table in Markdown, with a line break after each row. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')

/** Number of names that `few` prints. */
const shown = 5

/** Shortens a list that may be long: `a, b, c, d, e and 7 more`. */
export function few(names: readonly string[]): string {
  const more = names.length > shown ? ` and ${names.length - shown} more` : ''
  return `${names.slice(0, shown).join(', ')}${more}`
}

/** Returns the known word that is most similar to a mistyped one. */
export const nearest = (word: string, known: readonly string[]): string => closest(word, [...known])

/** Formats a probability as a percentage. Never rounds a small one down to 0 %. @param probability from 0 to 1 */
export function percent(probability: number): string {
  const value = probability * 100
  return value > 0 && value < 1 ? `${value.toFixed(1)} %` : `${Math.round(value)} %`
}

/** Formats a measured duration in few characters: `13 µs`, `2.45 ms`, `1160 ms`, `600 s`. @param milliseconds not negative */
export function shortTime(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${Math.round(milliseconds / 1000)} s`
  if (milliseconds >= 100) return `${Math.round(milliseconds)} ms`
  if (milliseconds >= 1) return `${Number(milliseconds.toPrecision(3))} ms`
  return `${Number((milliseconds * 1000).toPrecision(3))} µs`
}

/** Formats a duration as people say it: `2 min 5 s`. @param milliseconds not negative */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ] as const
  const present = parts.filter(([value]) => value > 0).map(([value, unit]) => `${value} ${unit}`)
  return present.slice(0, 2).join(' ') || '0 s'
}

/** The names of the five phases of an attempt, by number. */
export const phaseNames: Readonly<Record<number, string>> = {
  1: 'initial connections',
  2: 'kernel timeout',
  3: 'cleanup prediction',
  4: 'race trigger',
  5: 'verification',
}
