/** The known word that a mistyped one most likely stood for. */
import { closest } from 'fastest-levenshtein'

export const nearest = (word: string, known: readonly string[]): string => closest(word, [...known])
