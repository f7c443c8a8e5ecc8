/** The probabilities of a wrong verdict that a sequential test may have, together. */
import type { z } from 'zod'

/** Refuses those with which the test would decide before its first attempt (Wald 1945: alpha + beta < 1). */
export function checkErrorRates(
  { sprt_alpha: alpha, sprt_beta: beta }: { readonly sprt_alpha: number; readonly sprt_beta: number },
  context: z.RefinementCtx,
): void {
  if (alpha + beta < 1) return
  // The greater of the two is never the default.
  const [field, other] = alpha > beta ? ['sprt_alpha', 'sprt_beta'] : ['sprt_beta', 'sprt_alpha']
  const message = `and ${other}: ${Math.min(alpha, beta)} must be less than 1 together; these are probabilities of a wrong verdict, e.g. 0.05`
  context.addIssue({ code: 'custom', path: [field], message })
}
