/** Builds the real agent for the guests, which have no compiler. */
import { tmpdir } from 'node:os'
import { buildAgent } from '../../fixtures/agents/npa/build-agent.ts'
import { goArchitecture } from '../../fixtures/agents/npa/go-architecture.ts'
import { vulnerable } from '../npa-releases.ts'

const processors = ['x64', 'arm64'] as const

/**
 * @param kernels e.g. `6.1-amd64`
 * @returns variables for build.sh: `AGENT_amd64` and `AGENT_arm64`, the folders with what was built
 * @throws NpaError: a tool is missing, or the agent is unavailable
 */
export async function buildAgents(
  kernels: readonly string[],
  progress: (line: string) => void,
): Promise<Record<string, string>> {
  const folders: Record<string, string> = {}
  for (const architecture of new Set(kernels.map((name) => name.split('-')[1] ?? ''))) {
    const processor = processors.find((each) => goArchitecture(each) === architecture)
    if (processor === undefined) continue // build.sh says which names it knows.
    const source = vulnerable.agent.replace('npa:', '')
    const order = { source, goReplace: vulnerable.go_replace, processor, logFolder: tmpdir(), progress }
    folders[`AGENT_${architecture}`] = (await buildAgent(order)).folder
  }
  return folders
}
