/** Reads a history line by line, even if it was cut short or damaged. */
import { z } from 'zod'
import { eventSchema, type HistoryEvent } from './event.ts'
import { messageOf } from '../text.ts'
import { UserError } from '../user-error.ts'

export interface History {
  readonly events: readonly HistoryEvent[]
  /** Whether the last line is incomplete, because the run was killed while it wrote. */
  readonly cutShort: boolean
  /** Number of other lines that are not events of this suite. Something important may be missing. Default: 0. */
  readonly unreadableLines?: number
}

/** Thrown if no line of a text is an event of this suite. */
export class HistoryError extends UserError {
  override readonly name = 'HistoryError'
}

/** Parses one line. @throws Error that says why the line is not an event of this suite */
export function readEvent(line: string): HistoryEvent {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new Error(`is not JSON: ${line.slice(0, 80)}`)
  }
  const event = eventSchema.safeParse(withPresentNames(value))
  if (!event.success) throw new Error(`is not an event: ${z.prettifyError(event.error)}`)
  return event.data
}

/** Replaces names that earlier versions wrote, so that their histories can still be read. */
function withPresentNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if ('told' in value) {
    const { told, ...event } = value
    return { ...event, report: told }
  }
  const isOldCheck = 'check' in value && value.check === 'refusal-told-from-drop'
  return isOldCheck ? { ...value, check: 'refusal-differs-from-drop' } : value
}

/**
 * Reads a whole history. Skips and counts lines that are not events, e.g. a line that a full disk cut off.
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
