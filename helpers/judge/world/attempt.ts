/** Plays one attempt in the small world. Returns its events and the flows that it truly lost. */
import type { AttemptEvent, CohortEvent } from '../../history/event.ts'
import { raceSchedule, scheduleText, type Purpose } from '../../schedule/schedule.ts'
import { Missed, Player, type Attempt } from './player.ts'
import { World } from './world.ts'

export interface Played {
  readonly events: readonly AttemptEvent[]
  /** Flows in use whose entry the agent deleted, and whose reply was dropped because of this. */
  readonly lost: readonly number[]
  /** The lost flows that were reused in the window of the cohort. */
  readonly lostInWindow: readonly number[]
}

type Settings = Pick<CohortEvent, 'cohort' | 'window' | 'trigger' | 'idlePasses'>

export function play(settings: Settings, attempt: Attempt, number: number): Played {
  const { cohort, window, trigger, idlePasses } = settings
  const race = raceSchedule(window, idlePasses, trigger)
  const schedule = attempt.schedule === 'race' ? race : attempt.schedule
  const purpose: Purpose = attempt.schedule === 'race' ? 'race' : 'schedule'
  const flows = attempt.fates.map((_, flow) => flow)
  const world = new World(`${cohort} ${purpose} ${number}`, flows, number * 1e10)
  const player = new Player(world, attempt, window)
  const endpoint = { ip: '192.0.2.1', port: 80 }
  world.happens({
    type: 'attempt.begin',
    cohort,
    purpose,
    number,
    schedule: scheduleText(schedule),
    flows: flows.map((flow) => ({ flow, tuple: { protocol: 'tcp', source: endpoint, destination: endpoint } })),
  })
  let under = 0
  try {
    for (const [step, what] of schedule.entries()) {
      const misses = attempt.missed?.step === step
      under = step
      if (misses && !attempt.missed.isAfter) throw new Missed()
      player.take(what)
      if (misses) throw new Missed()
    }
  } catch (error) {
    if (!(error instanceof Missed)) throw error
    world.happens({ type: 'precondition.missed', reason: 'not seen', detail: '', step: under })
  }
  world.happens({ type: 'attempt.end' })
  const lost = [...player.lost]
  return { events: world.events, lost, lostInWindow: lost.filter((flow) => player.usedIn.get(flow) === window) }
}
