/** Errors that the person who runs the suite can act on, and how any error is printed. */
import { printable } from './text.ts'

/** The message says what failed, on what, what was expected, and what to do next. */
export class UserError extends Error {
  override readonly name: string = 'UserError'
}

/** For the terminal: the message of an error that a person can act on; of anything else the stack, because it is a bug of ours. */
export function errorText(thrown: unknown): string {
  if (thrown instanceof UserError) return printable(thrown.message)
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  return `This is a bug of npa-race; please report it with the lines below.\n${printable(stack)}`
}
