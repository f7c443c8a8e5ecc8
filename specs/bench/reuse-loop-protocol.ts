/** The protocol of the program `reuse-loop`. */
import { z } from 'zod'
import type { Protocol } from '../../fixtures/remote/protocol.ts'

export const reuseLoopProtocol = {
  name: 'reuse-loop',
  commands: {
    /** Connects and resets over and over from `ports`, for `durationMs`. */
    run: {
      params: z.strictObject({
        localIp: z.string(),
        remote: z.strictObject({ ip: z.string(), port: z.int() }),
        ports: z.array(z.int()),
        durationMs: z.number().positive(),
      }),
      result: z.strictObject({ reuses: z.int(), failed: z.int(), elapsedMs: z.number() }),
    },
  },
  events: z.never(),
} as const satisfies Protocol
