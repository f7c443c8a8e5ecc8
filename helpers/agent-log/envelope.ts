/**
 * Takes the agent's lines out of what logging systems put around them: container runtimes (CRI, Docker), `kubectl logs --prefix` and
 * `--timestamps`, stern, Fluent Bit, and CloudWatch (exports, `aws logs tail`, JSON of the AWS CLI, CSV of Logs Insights).
 */

/** A line of the agent, as it wrote it, and what its envelope says about it. */
export interface Enveloped {
  /** The line in the agent's own form: JSON, or the text of a policy event that the agent sends to CloudWatch. */
  readonly text: string
  /** Where the line comes from: a pod, a node or a log stream. Undefined if the envelope does not say. */
  readonly source?: string
  /** When the line was written, in milliseconds since 1970, by its envelope. */
  readonly wallMs?: number
}

/** What a line must contain so that it can hold a line of the agent that matters here. Other lines are skipped, because most are others. */
const interesting =
  /Conntrack cleanup|Flow Info:|conntrack (?:map|cache)|PolicyVerdict: |tarting network policy agent|GitVersion/

/** A policy event as the agent sends it to CloudWatch (the agent's `events.go`). */
const policyEvent = /Node: [^;"]*;SIP: [^"\s][^"]*?PolicyVerdict: \w+(?:;Tier: \w+)?/

/** JSON that holds events of CloudWatch in the lines of one text: the time and the stream stand in lines before the message. */
const documentTime = /"timestamp": ?(\d{12,})|"value": ?"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})"/
const documentStream = /"logStreamName": ?"([^"]+)"/

const prefixes: readonly RegExp[] = [
  // `kubectl logs --prefix`, with or without `--timestamps`
  /^\[pod\/(?<source>[^/\]]+)\/[^\]]+\] (?:(?<time>\d{4}-\d\d-\d\dT\S+) )?/,
  // CRI, and `kubectl logs --timestamps`
  /^(?<time>\d{4}-\d\d-\d\dT\S+) (?:std(?:out|err) [FP] )?(?=\{|Node: )/,
  // `aws logs tail`
  /^(?<time>\d{4}-\d\d-\d\dT\S+) (?<source>[^\s{"]+) (?=\{|Node: )/,
  // CSV of Logs Insights
  /^"?(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?)"?,/,
  // stern
  /^(?<source>\S+) \S+ (?=\{)/,
]

/** Fields in which Fluent Bit and CloudWatch name the node or the stream. */
const sourceField = /"(?:host|node_name|logStreamName|@logStream)": ?"([^"]+)"/

/** Unpacks the lines of one file, in order. */
export class EnvelopeReader {
  #isDocument: boolean | undefined
  #documentMs: number | undefined
  #documentStream: string | undefined;

  /** @returns the agent's lines in a line of the file; most have none or one */
  *unpacked(line: string): Generator<Enveloped> {
    this.#isDocument ??= line.trim() === '' ? undefined : /^\s*(?:\[|\{)\s*(?:"events"|"results"|\{|\[|$)/.test(line)
    if (this.#isDocument !== true) {
      if (interesting.test(line)) yield* this.#inLine(line)
      return
    }
    // Without line breaks, as in `aws … | jq -c`, one line has many events.
    for (const part of line.split(/(?<=\}),\s*(?=\{")/)) {
      const time = documentTime.exec(part)
      if (time) this.#documentMs = time[1] === undefined ? utc(time[2] ?? '') : Number(time[1])
      this.#documentStream = documentStream.exec(part)?.[1] ?? this.#documentStream
      if (interesting.test(part)) yield* this.#inLine(part)
    }
  }

  *#inLine(line: string): Generator<Enveloped> {
    // Most lines have no envelope.
    if (line.startsWith('{"level"') && line.endsWith('"}')) return yield { text: line }
    const event = policyEvent.exec(line)?.[0]
    const text = event ?? agentJson(line)
    if (text === undefined) return
    const prefix = prefixes.map((form) => form.exec(line)?.groups).find((groups) => groups !== undefined)
    const source = prefix?.['source'] ?? sourceField.exec(line)?.[1] ?? this.#documentStream
    const wallMs = prefix?.['time'] === undefined ? this.#documentMs : utc(prefix['time'])
    yield {
      text,
      ...(source !== undefined && { source }),
      ...(wallMs !== undefined && !Number.isNaN(wallMs) && { wallMs }),
    }
  }
}

/** Converts a time; one without a time zone is UTC, as in CloudWatch. */
const utc = (time: string): number =>
  Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time.replace(' ', 'T')}Z`)

/** How often a line may be quoted: a log of Docker that Fluent Bit has put into an event of CloudWatch is quoted three times. */
const maxQuotes = 4

/** Finds the JSON object of the agent in a line, also if the line has it as a string. */
function agentJson(line: string): string | undefined {
  let text = line.includes('""msg""') ? line.replaceAll('""', '"') : line
  for (let quotes = 0; quotes < maxQuotes; quotes++) {
    const at = text.search(/"msg" ?:/)
    if (at >= 0) return objectAround(text, at)
    const quoted = stringAround(text, text.search(/\\"msg\\+" ?:|\\+"msg\\+" ?:/))
    if (quoted === undefined) return undefined
    text = quoted
  }
  return undefined
}

/** Returns the JSON object whose own field begins at `at`. */
function objectAround(text: string, at: number): string | undefined {
  const begin = text.lastIndexOf('{', at)
  if (begin < 0) return undefined
  let depth = 0
  let isInString = false
  for (let index = begin; index < text.length; index++) {
    const character = text[index]
    if (isInString) {
      if (character === '\\') index++
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (character === '{') depth++
    else if (character === '}' && --depth === 0) return text.slice(begin, index + 1)
  }
  return undefined
}

/** Returns the value of the JSON string that contains the character at `at`. */
function stringAround(text: string, at: number): string | undefined {
  if (at < 0) return undefined
  const begin = unescapedQuote(text, at, -1)
  const end = unescapedQuote(text, at + 1, 1)
  if (begin < 0 || end < 0) return undefined
  try {
    return JSON.parse(text.slice(begin, end + 1)) as string
  } catch {
    return undefined
  }
}

/** Returns the index of the nearest quotation mark that no backslash precedes; -1 if there is none. */
function unescapedQuote(text: string, from: number, step: 1 | -1): number {
  for (let index = from; index >= 0 && index < text.length; index += step)
    if (text[index] === '"' && text[index - 1] !== '\\') return index
  return -1
}
