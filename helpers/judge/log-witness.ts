/** The agent's own log as a third witness: does it say what the kernel saw it do? Only where both were looked at. */
import type { Disagreement } from './attempt-verdict.ts'
import type { AttemptTimeline } from './timeline.ts'

/** Flows about which the log and what was seen from outside contradict each other. */
export function logDisagreements({ begin, log, deletes, denied, whenOpened }: AttemptTimeline): Disagreement[] {
  if (log.passes.length === 0 || !whenOpened) return []
  return begin.flows.flatMap(({ flow }): Disagreement[] => {
    const logged = log.deleted.has(flow)
    const asked = deletes.has(flow)
    if (logged !== asked) return [{ flow, saw: { log: words('delete', logged), kernel: words('delete', asked) } }]
    // The agent writes a denial down when it comes round to it: one that is missing may still come, one too many may not be.
    if (log.deniedReply.has(flow) && !denied.has(flow))
      return [{ flow, saw: { log: words('denial', true), datapath: words('denial', false) } }]
    return []
  })
}

const words = (what: string, there: boolean): string => (there ? `a ${what}` : `no ${what}`)
