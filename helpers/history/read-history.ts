/** Reads a history back, line by line, also one that was cut short. */
import { z } from 'zod'
import { eventSchema, type HistoryEvent } from './event.ts'
import { UserError } from '../user-error.ts'

export interface History {
  readonly events: readonly HistoryEvent[]
  /** The last line had no end: the run was killed while it wrote. */
  readonly cutShort: boolean
}

/** Thrown when a line is no event of this suite. */
export class HistoryError extends UserError {
  override readonly name = 'HistoryError'
}

/**
 * @param text the contents of a `history.jsonl`
 * @throws HistoryError naming the line that is no event
 */
export function readHistory(text: string): History {
  const lines = text.split('\n')
  const rest = lines.pop() ?? ''
  return { events: lines.map((line, index) => readEvent(line, index + 1)), cutShort: rest !== '' }
}

function readEvent(line: string, number: number): HistoryEvent {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new HistoryError(`history line ${number} is no JSON: ${line.slice(0, 80)}`)
  }
  const event = eventSchema.safeParse(value)
  if (!event.success) throw new HistoryError(`history line ${number} is no event: ${z.prettifyError(event.error)}`)
  return event.data
}
