/** What each cleanup costs, compared with `alternating` in the same run. `npm run bench -- --record-costs` measures it and writes the file. */
import { z } from 'zod'
import file from './cleanup-costs.json' with { type: 'json' }

const costSchema = z.strictObject({
  /** Time of the datapath for a packet that hits its entry, as a ratio. */
  packet: z.number().positive(),
  /** Time of the agent for one look at 100,000 live entries, as a ratio. */
  look: z.number().positive(),
  /** Memory of the map that 100,000 live flows need, in bytes. */
  mapBytes: z.int().positive(),
})

const costsSchema = z.strictObject({
  /** The day on which it was measured. */
  date: z.iso.date(),
  /** What `uname -r` printed. */
  kernel: z.string(),
  /** Keyed by the reference agent's name. */
  cleanups: z.record(z.string(), costSchema),
})

export type CleanupCosts = z.infer<typeof costsSchema>

export const cleanupCosts: CleanupCosts = costsSchema.parse(file)
