/** Parses the lines of the agent's own log about its cleanup and about flows (the agent's source). The log is a witness, like the kernel and the client. */
import { z } from 'zod'
import type { Protocol, Tuple } from '../flow.ts'
import { earlyWords } from './early-words.ts'

export type AgentLogLine = { readonly wallMs: number } & (
  | { readonly kind: 'began' | 'hydrated' | 'done' }
  | { readonly kind: 'deleted' | 'kept'; readonly tuple: Tuple }
  | {
      readonly kind: 'denied' | 'accepted'
      readonly tuple: Tuple
      /** Not in the log of agents up to v1.2.1. */
      readonly direction?: 'ingress' | 'egress'
    }
)

/** A line in zap's JSON format. v1.0.1 and v1.0.2 write `timestamp` instead of `ts`. */
const lineSchema = z.looseObject({
  msg: z.string(),
  level: z.string().optional(),
  ts: z.string().optional(),
  timestamp: z.string().optional(),
})

/** A line of the log with its time, whatever it is about. */
export type RawLine = z.infer<typeof lineSchema> & { readonly wallMs: number }

/** The beginnings of the messages about passes. Only the beginnings, because a proposed change appends counts to the last one. */
const passes = [
  ['began', 'Check for any stale entries in the conntrack map'],
  ['hydrated', 'hydrated local conntrack cache'],
  ['done', 'Done cleanup of conntrack map'],
] as const

const entry =
  /^Conntrack cleanup (?<what>Delete|Skip)\b.*?Source IP - (?<source>\S+) Source port - (?<sourcePort>\d+) Dest IP - (?<destination>\S+) Dest port - (?<destinationPort>\d+) Protocol - (?<protocol>\d+)/
const flow =
  /^Flow Info:\s+Src IP: (?<source>\S+) Src Port: (?<sourcePort>\d+) Dest IP: (?<destination>\S+) Dest Port: (?<destinationPort>\d+) Proto:? (?<protocol>\w+) Verdict:? (?<verdict>\S+)(?: Direction:? (?<direction>ingress|egress))?/

const directions = ['ingress', 'egress'] as const
const protocols: Readonly<Record<string, Protocol>> = { '6': 'tcp', TCP: 'tcp', '17': 'udp', UDP: 'udp' }

/** Parses one line of the log. @returns undefined if it is about something else, or not a line of the agent */
export function parseAgentLog(text: string): AgentLogLine | undefined {
  const line = rawLine(text)
  return line && agentLogLine(line)
}

/** @returns undefined if the text is not a line of the agent */
export function rawLine(text: string): RawLine | undefined {
  const line = lineSchema.safeParse(jsonOf(text)).data
  const wallMs = Date.parse(zoned(line?.ts ?? line?.timestamp ?? ''))
  return line && !Number.isNaN(wallMs) ? { ...line, wallMs } : undefined
}

/** @returns undefined if the line is neither about a pass nor about an entry nor about a flow */
export function agentLogLine(line: RawLine): AgentLogLine | undefined {
  const { wallMs } = line
  const pass = passes.find(([, words]) => line.msg.startsWith(words))
  if (pass) return { wallMs, kind: pass[0] }
  const words = earlyWords(line) ?? line.msg
  const found = (entry.exec(words) ?? flow.exec(words))?.groups
  const tuple = found && tupleOf(found)
  if (!tuple) return undefined
  if (found['what'] !== undefined) return { wallMs, kind: found['what'] === 'Delete' ? 'deleted' : 'kept', tuple }
  const direction = directions.find((name) => name === found['direction'])
  const kind = found['verdict']?.startsWith('DENY') ? 'denied' : 'accepted'
  return { wallMs, kind, tuple, ...(direction && { direction }) }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Converts a time zone of zap, `+0200`, to that of ISO 8601, `+02:00`. */
const zoned = (time: string): string => time.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')

function tupleOf(found: Readonly<Record<string, string | undefined>>): Tuple | undefined {
  const { source, sourcePort, destination, destinationPort } = found
  const protocol = protocols[found['protocol'] ?? '']
  if (!protocol || source === undefined || destination === undefined) return undefined
  return {
    protocol,
    source: { ip: source, port: Number(sourcePort) },
    destination: { ip: destination, port: Number(destinationPort) },
  }
}
