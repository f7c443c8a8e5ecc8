import { describe, expect, test } from 'vitest'
import { stale } from './table-view.ts'

describe('destroy-events', () => {
  /** Returns a kernel with an entry `a` whose flow has ended, with an event. */
  const ended = () => {
    const { view, cleanup } = stale('destroy-events', 1n)
    view.events.add('a')
    return { view, cleanup }
  }

  test('deletes an entry after its event, and none without one', () => {
    const { view, cleanup } = ended()
    view.map.set('b', 1n)
    expect(cleanup.pass()).toMatchObject({ pass: 'compare', tracked: 2, deleted: 1, kept: 0 })
    expect(cleanup.pass()).toMatchObject({ tracked: 1, deleted: 0 })
    expect([...view.map.keys()]).toEqual(['b'])
  })

  test('remembers an event while the flow is in conntrack again, and deletes the entry when it is not', () => {
    const { view, cleanup } = ended()
    view.kernel.add('a')
    expect(cleanup.pass()).toMatchObject({ deleted: 0, kept: 0 })
    view.kernel.delete('a')
    expect(cleanup.pass()).toMatchObject({ deleted: 1 })
  })

  test('keeps a flow that is reused after the dump, and loses one that is reused after the re-read', () => {
    const { view, cleanup } = ended()
    view.between = () => view.map.set('a', view.monotonic())
    expect(cleanup.pass()).toMatchObject({ deleted: 0, kept: 1 })
    view.between = undefined
    view.afterRead = (key) => view.map.set(key, view.monotonic())
    expect(cleanup.pass()).toMatchObject({ deleted: 1 })
    expect(view.map.has('a')).toBe(false)
  })
})
