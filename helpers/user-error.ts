/** Defines errors that the person who runs the suite can act on, and how any error is printed. */
import { printable } from './text.ts'

/** The message says what failed, on what, what was expected, and what to do next. */
export class UserError extends Error {
  override readonly name: string = 'UserError'
}

/** Formats an error for the terminal: the message of a UserError; the stack of any other error, because it is a bug of ours. */
export function errorText(thrown: unknown): string {
  if (thrown instanceof UserError) return printable(thrown.message)
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  return `This is a bug of npa-race; please report it with the lines below.\n${printable(stack)}`
}
