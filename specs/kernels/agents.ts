/** Builds the real agent for the guests, which have no compiler. */
import { tmpdir } from 'node:os'
import { buildAgent } from '../../fixtures/agents/npa/build-agent.ts'
import { vulnerable } from '../npa-releases.ts'

/** The architectures in the names of kernels, and what Node calls them. */
const processors: Readonly<Record<string, NodeJS.Architecture>> = { amd64: 'x64', arm64: 'arm64' }

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
    const processor = processors[architecture]
    if (processor === undefined) continue // build.sh says which names it knows.
    const source = vulnerable.agent.replace('npa:', '')
    const order = { source, goReplace: vulnerable.go_replace, processor, logFolder: tmpdir(), progress }
    folders[`AGENT_${architecture}`] = (await buildAgent(order)).folder
  }
  return folders
}
