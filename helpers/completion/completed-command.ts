/** Describes the commands of `npa-race` as the completion of a shell needs them. Each shell has a script of its own next to this file. */

/** The words that can follow, `file` for any file, or `text` for something that cannot be completed. */
export type Completed = readonly string[] | 'file' | 'text'

export interface CompletedOption {
  /** With its hyphens, e.g. `--config`. */
  readonly long: string
  /** With its hyphen, e.g. `-c`. */
  readonly short?: string | undefined
  readonly description: string
  /** Its value; undefined if it takes none. */
  readonly value?: Completed | undefined
}

export interface CompletedCommand {
  readonly name: string
  readonly description: string
  readonly options: readonly CompletedOption[]
  /** Its arguments; undefined if it takes none. */
  readonly argument?: Completed | undefined
}

export const isWords = (completed: Completed | undefined): completed is readonly string[] =>
  typeof completed === 'object'

/** The forms of an option: the long one, then the short one. */
export const formsOf = ({ long, short }: CompletedOption): readonly string[] =>
  short === undefined ? [long] : [long, short]

/** Quotes a text for bash and zsh. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
