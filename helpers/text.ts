/** Numbers, durations and lists as words, for messages and reports. */

/** What something thrown says, in words. Anything can be thrown, also what is not an Error. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))

/** The short name of an error, e.g. `ECONNREFUSED`, or its message if it has none. */
export const errorCode = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : messageOf(thrown)

/** Control characters but for the end of a line and the tab, and marks that change the direction of text. */
const unprintable = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

/**
 * A text that a terminal shows as it is. A history may come from anyone, and its texts may have escape sequences, which move the cursor,
 * change what was printed before, or write to the clipboard. Each such character is printed as `\x1b` or `\u202e`.
 */
export const printable = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(unprintable, (character) => {
    const code = character.charCodeAt(0).toString(16)
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`
  })

/** A number and what it counts: `1 flow`, `2 flows`. @param many default: `one` and an s */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** How many names `few` prints. */
const shown = 5

/** The first names of a list that may be long: `a, b, c, d, e and 7 more`. */
export function few(names: readonly string[]): string {
  const more = names.length > shown ? ` and ${names.length - shown} more` : ''
  return `${names.slice(0, shown).join(', ')}${more}`
}

/** A percentage that never rounds to a claim of certainty. @param probability from 0 to 1 */
export function percent(probability: number): string {
  const value = probability * 100
  return value > 0 && value < 1 ? `${value.toFixed(1)} %` : `${Math.round(value)} %`
}

/** A duration in as few characters as possible: `13 µs`, `2.45 ms`, `1160 ms`, `600 s`. @param milliseconds not negative */
export function shortTime(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${Math.round(milliseconds / 1000)} s`
  if (milliseconds >= 100) return `${Math.round(milliseconds)} ms`
  if (milliseconds >= 1) return `${Number(milliseconds.toPrecision(3))} ms`
  return `${Number((milliseconds * 1000).toPrecision(3))} µs`
}

/** A duration in seconds, with tenths: `12.3 s`. */
export const tenthsOfSeconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`

/** A duration as people say it: `2 min 5 s`. @param milliseconds not negative */
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

/** The five phases of an attempt (design, *The story an attempt tells*), by number. */
export const phaseNames: Readonly<Record<number, string>> = {
  1: 'initial connections',
  2: 'kernel timeout',
  3: 'cleanup prediction',
  4: 'race trigger',
  5: 'verification',
}
