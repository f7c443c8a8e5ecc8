/** Compares the agent's own log, a third witness, with what the kernel saw the agent do, if both were read. */
import type { Disagreement } from './attempt-verdict.ts'
import type { AttemptTimeline } from './timeline.ts'

/** Returns the flows about which the log contradicts what was seen from outside. */
export function logDisagreements({ begin, log, deletes, denied, whenOpened }: AttemptTimeline): Disagreement[] {
  if (log.passes.length === 0 || !whenOpened) return []
  return begin.flows.flatMap(({ flow }): Disagreement[] => {
    const logged = log.deleted.has(flow)
    const asked = deletes.has(flow)
    if (logged !== asked) return [{ flow, saw: { log: words('delete', logged), kernel: words('delete', asked) } }]
    // The agent logs denials late: a missing one may still come. One that did not happen is a contradiction.
    if (log.deniedReply.has(flow) && !denied.has(flow))
      return [{ flow, saw: { log: words('denial', true), datapath: words('denial', false) } }]
    return []
  })
}

const words = (what: string, there: boolean): string => (there ? `a ${what}` : `no ${what}`)
