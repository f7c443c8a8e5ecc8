/** Finds the agent's passes in its log (the agent's source). */
import type { Ns } from '../units.ts'

/** A log line about a pass. */
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
 * Returns the complete passes, in order. A pass without a logged end is left out: an empty map, a failed dump or a vanished key ends a pass
 * without a log line. This is also why one cannot count the beginnings to find which passes are compare passes.
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
