/** Checks the two error rates of a sequential test. */
import type { z } from 'zod'

/** Adds an issue if the test would decide before its first attempt (Wald 1945: alpha + beta < 1). */
export function checkErrorRates(
  { sprt_alpha: alpha, sprt_beta: beta }: { readonly sprt_alpha: number; readonly sprt_beta: number },
  context: z.RefinementCtx,
): void {
  if (alpha + beta < 1) return
  // Report the greater of the two: it cannot be the default, so the user has set it.
  const [field, other] = alpha > beta ? ['sprt_alpha', 'sprt_beta'] : ['sprt_beta', 'sprt_alpha']
  const message = `and ${other}: ${Math.min(alpha, beta)} must be less than 1 together; these are probabilities of a wrong verdict, e.g. 0.05`
  context.addIssue({ code: 'custom', path: [field], message })
}
