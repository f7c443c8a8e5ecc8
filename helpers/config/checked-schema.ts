/** Checks that the fields of a configuration fit together. */
import type { z } from 'zod'
import { holdsReplies } from '../flow.ts'
import { unenforceable, unenforceableText } from '../schedule/enforceable.ts'
import { capabilitiesOf } from './access.ts'
import { configSchema } from './schema.ts'
import { isProvider } from './targets.ts'

export const checkedConfigSchema = configSchema
  .refine(({ sprt_p0, sprt_p1 }) => sprt_p0 < sprt_p1, { path: ['sprt_p0'], error: 'must be less than sprt_p1' })
  .superRefine(checkErrorRates)
  .refine(({ target, trigger }) => target !== 'lab' || trigger === undefined || trigger === 'exact', {
    path: ['trigger'],
    error: 'must be exact in the lab, because the agent is held there; observed and predicted are for clusters',
  })
  .refine(({ target, agent }) => target !== 'kubeconfig' || agent === undefined, {
    path: ['agent'],
    error: 'must not be set with target kubeconfig, because the agent that runs in that cluster is tested',
  })
  .refine(({ target, agent }) => !isProvider(target) || agent === undefined || agent.kind === 'npa', {
    path: ['agent'],
    error:
      'must be npa:<version or path> in a cluster that the run creates, because the real agent is installed there; reference agents and commands are for the lab',
  })
  .refine(({ target, parallel }) => target !== 'lab' || parallel === 1, {
    path: ['parallel'],
    error:
      'must be 1 in the lab: an attempt takes milliseconds there, and two at the same time would disturb each other’s timing',
  })
  .refine(({ mode, parallel }) => mode !== 'sprt' || parallel === 1, {
    path: ['parallel'],
    error: 'must be 1 with mode sprt: whether another attempt is made depends on the attempts before it',
  })
  .refine(({ target, flow }) => capabilitiesOf(target).holdReplies || !holdsReplies(flow), {
    path: ['flow'],
    error: 'is for the lab, because replies cannot be held back in a cluster; use tcp-server-first or udp-request',
  })
  .superRefine(({ target, schedule: steps }, context) => {
    const found = steps && unenforceable(steps, capabilitiesOf(target))
    if (found) context.addIssue({ code: 'custom', path: ['schedule'], message: unenforceableText(found) })
  })

/** Adds an issue if the test would decide before its first attempt (Wald 1945: alpha + beta < 1). */
function checkErrorRates(
  { sprt_alpha: alpha, sprt_beta: beta }: { readonly sprt_alpha: number; readonly sprt_beta: number },
  context: z.RefinementCtx,
): void {
  if (alpha + beta < 1) return
  // Report the greater of the two: it cannot be the default, so the user has set it.
  const [field, other] = alpha > beta ? ['sprt_alpha', 'sprt_beta'] : ['sprt_beta', 'sprt_alpha']
  const message = `and ${other}: ${Math.min(alpha, beta)} must add up to less than 1; each is a probability of a wrong verdict, e.g. 0.05`
  context.addIssue({ code: 'custom', path: [field], message })
}
