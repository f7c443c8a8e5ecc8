/** What something thrown says, in words. Anything can be thrown, also what is no Error. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
