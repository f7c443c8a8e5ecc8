/** Reads a history back, line by line, also one that was cut short or damaged. */
import { z } from 'zod'
import { eventSchema, type HistoryEvent } from './event.ts'
import { messageOf } from '../text.ts'
import { UserError } from '../user-error.ts'

export interface History {
  readonly events: readonly HistoryEvent[]
  /** The last line had no end: the run was killed while it wrote. */
  readonly cutShort: boolean
  /** How many other lines are not events of this suite: something that may have mattered is missing. Default: 0. */
  readonly unreadableLines?: number
}

/** Thrown when no line of a text is an event of this suite. */
export class HistoryError extends UserError {
  override readonly name = 'HistoryError'
}

/** @returns the event in a line @throws Error that says why the line is not an event of this suite */
export function readEvent(line: string): HistoryEvent {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new Error(`is no JSON: ${line.slice(0, 80)}`)
  }
  const event = eventSchema.safeParse(value)
  if (!event.success) throw new Error(`is no event: ${z.prettifyError(event.error)}`)
  return event.data
}

/**
 * Skips and counts lines that are not events, e.g. what a full disk has cut in the middle.
 *
 * @param text the contents of a `history.jsonl`
 * @throws HistoryError if it has lines and none of them is an event
 */
export function readHistory(text: string): History {
  const lines = text.split('\n')
  const rest = lines.pop() ?? ''
  const events: HistoryEvent[] = []
  let first: string | undefined
  for (const [index, line] of lines.entries()) {
    try {
      events.push(readEvent(line))
    } catch (error) {
      first ??= `history line ${index + 1} ${messageOf(error)}`
    }
  }
  if (events.length === 0 && first !== undefined) throw new HistoryError(first)
  const unreadableLines = lines.length - events.length
  return { events, cutShort: rest !== '', ...(unreadableLines > 0 && { unreadableLines }) }
}
