/** Parses and prints the agent under test: `reference:<algorithm>`, `npa:<version or path>`, or a command. */
import { z } from 'zod'
import { referenceAlgorithms, type ReferenceAlgorithm } from '../agents/reference.ts'
import { nearest } from '../text.ts'

export type AgentSpec =
  | { readonly kind: 'reference'; readonly algorithm: ReferenceAlgorithm }
  /** `source` is a Go module version or the path of a checkout. */
  | { readonly kind: 'npa'; readonly source: string }
  | { readonly kind: 'command'; readonly command: readonly string[] }
  /** The agent that already runs in the cluster. */
  | { readonly kind: 'cluster' }

/** Names the agent in reports and titles. A command is named by its program. */
export function agentName(agent: AgentSpec): string {
  switch (agent.kind) {
    case 'reference':
      return `reference:${agent.algorithm}`
    case 'npa':
      return `npa:${agent.source}`
    case 'command':
      return `command:${agent.command[0]}`
    case 'cluster':
      return 'agent of the cluster'
  }
}

/** Returns the agent in the form that a configuration uses. */
export const agentValue = (agent: AgentSpec): unknown =>
  agent.kind === 'command' ? { command: agent.command } : agentName(agent)

const isAlgorithm = (text: string): text is ReferenceAlgorithm =>
  referenceAlgorithms.some((algorithm) => algorithm === text)

function parseName(text: string, refuse: (message: string) => void): AgentSpec | undefined {
  const [kind, ...rest] = text.split(':')
  const name = rest.join(':')
  if (kind === 'reference' && isAlgorithm(name)) return { kind, algorithm: name }
  if (kind === 'npa' && name !== '') return { kind, source: name }
  if (kind === 'reference')
    refuse(
      `is not a reference agent; did you mean reference:${nearest(name, referenceAlgorithms)}? The reference agents are ${referenceAlgorithms.join(', ')}`,
    )
  else refuse(allowed)
  return undefined
}

const allowed = 'must be reference:<algorithm>, npa:<version or path>, or { command: [program, argument, …] }'

const command = z.strictObject({ command: z.array(z.string()).min(1, 'must name a program') })

export const agentSchema = z.union([z.string(), command], { error: allowed }).transform((value, context): AgentSpec => {
  if (typeof value !== 'string') return { kind: 'command', command: value.command }
  return parseName(value, (message) => context.addIssue({ code: 'custom', message, input: value })) ?? z.NEVER
})
