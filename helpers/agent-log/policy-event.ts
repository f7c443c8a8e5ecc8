/** Parses policy events in the form in which the agent sends them to CloudWatch (the agent's `events.go`). They have no time of their own. */
import type { AgentLogLine } from './agent-log.ts'

const event =
  /^Node: (?<node>[^;]*);SIP: (?<source>[^;]+);SPORT: (?<sourcePort>\d+);DIP: (?<destination>[^;]+);DPORT: (?<destinationPort>\d+);PROTOCOL: (?<protocol>\w+);PolicyVerdict: (?<verdict>\w+)/

export interface PolicyEvent {
  /** The name of the node; empty if the agent does not know it. */
  readonly node: string
  readonly line: AgentLogLine
}

/** @param wallMs when CloudWatch got the event @returns undefined if the text is not a policy event, or neither of TCP nor of UDP */
export function parsePolicyEvent(text: string, wallMs: number): PolicyEvent | undefined {
  const found = event.exec(text)?.groups
  if (!found) return undefined
  const protocol = found['protocol']?.toLowerCase()
  if (protocol !== 'tcp' && protocol !== 'udp') return undefined
  const endpoint = (ip = '', port = '') => ({ ip, port: Number(port) })
  const tuple = {
    protocol,
    source: endpoint(found['source'], found['sourcePort']),
    destination: endpoint(found['destination'], found['destinationPort']),
  } as const
  return {
    node: found['node'] ?? '',
    line: { wallMs, kind: found['verdict'] === 'DENY' ? 'denied' : 'accepted', tuple },
  }
}
