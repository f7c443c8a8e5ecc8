/** Compares what the cleanups cost with `alternating` in the same run, as figures or for the table in specs/cleanup/README.md. */
import { writeFileSync } from 'node:fs'
import { release } from 'node:os'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { CleanupCosts } from '../../helpers/model/cleanup-costs.ts'
import { referenceAlgorithms } from '../../helpers/agents/reference.ts'
import { run } from '../../fixtures/system/command.ts'
import type { Figure } from './figure.ts'

const measuredSchema = z.strictObject({
  algorithm: z.enum(referenceAlgorithms),
  packetNs: z.number(),
  lookMs: z.number(),
  mapBytes: z.number(),
})

export type MeasuredCleanup = z.infer<typeof measuredSchema>

export async function measureCleanups(): Promise<readonly MeasuredCleanup[]> {
  const program = fileURLToPath(new URL('cleanups.ts', import.meta.url))
  const output = await run('unshare', ['--net', process.execPath, program], { timeoutSeconds: 600 })
  return z.array(measuredSchema).parse(JSON.parse(output))
}

const alternatingOf = (measured: readonly MeasuredCleanup[]): MeasuredCleanup => {
  const found = measured.find(({ algorithm }) => algorithm === 'alternating')
  if (!found) throw new RangeError('bug: alternating was not measured')
  return found
}

export function cleanupFigures(measured: readonly MeasuredCleanup[]): Figure[] {
  const plain = alternatingOf(measured)
  const goal = { text: 'none: what it costs', met: true }
  return measured
    .filter((each) => each !== plain)
    .flatMap(({ algorithm, packetNs, lookMs, mapBytes }) => [
      {
        what: `${algorithm}, a packet that hits its entry`,
        value: packetNs,
        unit: 'ns',
        floor: { what: 'alternating', value: plain.packetNs },
        goal,
      },
      {
        what: `${algorithm}, a look at 100,000 entries`,
        value: lookMs,
        unit: 'ms',
        floor: { what: 'alternating', value: plain.lookMs },
        goal,
      },
      {
        what: `${algorithm}, map for 100,000 live flows`,
        value: mapBytes / 1e6,
        unit: 'MB',
        floor: { what: 'alternating', value: plain.mapBytes / 1e6 },
        goal,
      },
    ])
}

const hundredths = (ratio: number): number => Math.round(ratio * 100) / 100

/** Writes the costs for the table in specs/cleanup/README.md, which `npm run docs` makes. */
export function recordCosts(measured: readonly MeasuredCleanup[]): void {
  const plain = alternatingOf(measured)
  const costs: CleanupCosts = {
    date: new Date().toISOString().slice(0, 10),
    kernel: release(),
    cleanups: Object.fromEntries(
      measured.map(({ algorithm, packetNs, lookMs, mapBytes }) => [
        algorithm,
        {
          packet: hundredths(packetNs / plain.packetNs),
          look: hundredths(lookMs / plain.lookMs),
          mapBytes,
        },
      ]),
    ),
  }
  writeFileSync(
    new URL('../../helpers/model/cleanup-costs.json', import.meta.url),
    `${JSON.stringify(costs, undefined, 2)}\n`,
  )
}
