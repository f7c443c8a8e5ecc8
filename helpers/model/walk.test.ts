import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { unenforceable } from '../schedule/enforceable.ts'
import { cleanups, modelOf } from './matrix.ts'
import { runInModel } from './run.ts'
import { walk } from './walk.ts'

test.prop([fc.constantFrom(...cleanups), fc.constantFrom('tcp', 'udp'), fc.array(fc.nat(), { maxLength: 30 })])(
  'every list of numbers gives a schedule that the model can run and the suite can enforce',
  (cleanup, transport, choices) => {
    const schedule = walk(modelOf(cleanup, transport), choices)
    expect(unenforceable(schedule)).toBeUndefined()
    expect(runInModel(modelOf(cleanup, transport), schedule)).toMatchObject({ kind: 'ran' })
  },
)
