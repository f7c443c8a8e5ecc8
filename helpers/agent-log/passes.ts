/** The agent's passes, as its log tells them (npa, *Logs*). */
import type { Ns } from '../units.ts'

/** A line about a pass. */
export interface PassLine {
  readonly line: 'began' | 'hydrated' | 'done'
  readonly at: Ns
}

export interface LoggedPass {
  readonly kind: 'hydrate' | 'compare'
  readonly began: Ns
  readonly ended: Ns
}

/**
 * Whole passes, in order. One that began and told no end does not count: an empty map, a failed dump and a key that vanishes end a pass
 * without a word, so the parity of beginnings says nothing.
 */
export function loggedPasses(lines: readonly PassLine[]): LoggedPass[] {
  const passes: LoggedPass[] = []
  let began: Ns | undefined
  for (const { line, at } of lines) {
    if (line === 'began') began = at
    else if (began !== undefined) {
      passes.push({ kind: line === 'hydrated' ? 'hydrate' : 'compare', began, ended: at })
      began = undefined
    }
  }
  return passes
}

export const isPassLine = <Event extends { readonly line: string }>(
  event: Event,
): event is Event & { readonly line: PassLine['line'] } =>
  event.line === 'began' || event.line === 'hydrated' || event.line === 'done'
