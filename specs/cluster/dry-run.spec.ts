/** `npa-race doctor --dry-run` lists exactly what a run then creates. */
import { beforeAll, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { npaRace, runRace } from '../suite/cli.ts'
import { settingsOf } from './agent-nodes.ts'
import { clusterOfRun, onCluster, whySkipped } from './needs-cluster.ts'

const kinds = [
  ['v1', 'Namespace'],
  ['v1', 'Pod'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
  ['networking.k8s.aws/v1alpha1', 'PolicyEndpoint'],
] as const

const documentSchema = z.object({ kind: z.string(), metadata: z.object({ name: z.string() }) })

describe.skipIf(!onCluster)(`dry run${whySkipped}`, { tags: ['cluster'], timeout: 300_000 }, () => {
  let api: ClusterApi
  let settings: Record<string, string>
  beforeAll(async () => {
    api = clusterOfRun()
    settings = { ...(await settingsOf(api)), RACE_ITERATIONS: '2' }
  })

  /** What the run that is under way has created: kind and name of each object. */
  async function created(): Promise<string[]> {
    const lists = kinds.map(([apiVersion, kind]) =>
      api.call(`list ${kind}`, ({ objects }) =>
        objects.list(
          apiVersion,
          kind,
          undefined,
          undefined,
          undefined,
          undefined,
          undefined,
          'npa-race/owner!=install',
        ),
      ),
    )
    return (await Promise.all(lists)).flatMap(({ items }, index) =>
      items.flatMap(({ metadata }) =>
        metadata?.labels?.['npa-race/owner'] === undefined ? [] : `${kinds[index]?.[1]} ${metadata.name}`,
      ),
    )
  }

  test('its objects are those of a run', async () => {
    const { exitCode, output } = await npaRace(['doctor', '--dry-run'], settings)
    expect(exitCode, output).toBe(0)
    expect(output).toMatch(/each attempt holds the agent for about [\d.]+ \S+, at most 10 s/)
    expect(output).toContain('It holds the agent (SIGSTOP) once per attempt')
    const documents = parseAllDocuments(output.slice(output.indexOf('---\n'))).map((each) =>
      documentSchema.parse(each.toJS()),
    )
    const planned = documents.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    let during: string[] = []
    const at = { when: 'attempt 1 of', run: async () => void (during = await created()) }
    const run = await runRace(settings, { args: ['specs/race', '-t', 'subject'], at })
    expect(run.exitCode, run.output).toBe(0)
    // The part of each name that is unique to the run.
    const id = /Namespace conntrack-test-(\w+)/.exec(during.join('\n'))?.[1] ?? 'none'
    expect(during.map((name) => name.replaceAll(id, 'ID')).toSorted()).toEqual(planned.toSorted())
    expect(planned).toHaveLength(6)
  })
})
