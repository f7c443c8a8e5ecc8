/** Reads the logs of many agents, from any number of files, and says what is in them. */
import { agentLogLine, rawLine } from './agent-log.ts'
import { EnvelopeReader, type Enveloped } from './envelope.ts'
import { NodeSurvey } from './node-survey.ts'
import { parsePolicyEvent } from './policy-event.ts'
import { versionClues } from './version-clues.ts'

export class LogSurvey {
  /** By the name of the node, the pod, the log stream or the file. */
  readonly nodes = new Map<string, NodeSurvey>()
  /** Lines that look like lines of the agent but cannot be read: cut off, or changed on their way. */
  unreadable = 0
  readonly withinMs: number

  /** @param withinMs how soon after the delete of its entry a denied reply counts */
  constructor(withinMs: number) {
    this.withinMs = withinMs
  }

  /**
   * Returns a function that reads the lines of one file, in order. Files of one node must be read in the order of time.
   *
   * @param name of the node, if its lines do not name their node
   */
  reader(name: string): (line: string) => void {
    const envelopes = new EnvelopeReader()
    return (line) => {
      for (const enveloped of envelopes.unpacked(line)) this.#read(enveloped, name)
    }
  }

  #read({ text, source, wallMs }: Enveloped, name: string): void {
    if (!text.startsWith('{')) {
      const event = parsePolicyEvent(text, wallMs ?? NaN)
      if (wallMs === undefined) this.unreadable++
      else if (event) this.#node(event.node || (source ?? name)).line(event.line)
      return
    }
    const raw = rawLine(text)
    if (!raw) {
      this.unreadable++
      return
    }
    const node = this.#node(source ?? name)
    node.hasDebugLines ||= raw.level === 'debug'
    for (const clue of versionClues(raw)) node.clue(clue)
    const line = agentLogLine(raw)
    if (line) node.line(line)
  }

  #node(name: string): NodeSurvey {
    const found = this.nodes.get(name)
    if (found) return found
    const node = new NodeSurvey(this.withinMs)
    this.nodes.set(name, node)
    return node
  }
}
