/** What `npa-race watch` says if it cannot watch. */
import { expect, test } from 'vitest'
import { npaRace } from './cli.ts'

test.for([
  { args: [], words: 'the agent of this node cannot be watched: open the eBPF map pinned at' },
  { args: ['--for', '10'], words: '--for: "10" must be a duration, e.g. 90s' },
])('watch $args: exit 3', { tags: ['lab'] }, async ({ args, words }) => {
  const { exitCode, output } = await npaRace(['watch', '--map', '/none', ...args])
  expect(exitCode, output).toBe(3)
  expect(output).toContain(words)
})

test(
  'without the capability to ask conntrack: exit 3, and not only at the first delete',
  { tags: ['lab'] },
  async () => {
    const before = ['setpriv', '--bounding-set=-net_admin', '--inh-caps=-all', '--ambient-caps=-all']
    const { exitCode, output } = await npaRace(['watch', '--map', '/none'], {}, { before })
    expect(exitCode, output).toBe(3)
    expect(output).toContain('the agent of this node cannot be watched: look flows up in conntrack: EPERM')
  },
)
