/** A few names of many, in words: `a, b, c, d, e and 7 more`. */
const shown = 5

export function few(names: readonly string[]): string {
  const more = names.length > shown ? ` and ${names.length - shown} more` : ''
  return `${names.slice(0, shown).join(', ')}${more}`
}
