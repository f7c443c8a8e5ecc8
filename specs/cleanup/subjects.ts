/** Lists the cleanups that specs try: every algorithm that NPA has shipped or that was proposed, and two releases of the real agent. */
import type { TestTags } from 'vitest'
import { candidates, cleanups, type Cleanup } from '../../helpers/model/matrix.ts'
import { fixed, vulnerable } from '../npa-releases.ts'

export interface CleanupSubject {
  readonly agent: string
  readonly go_replace: readonly string[]
  /** Its algorithm in the model. */
  readonly cleanup: Cleanup
  readonly tags: TestTags['tags'][]
}

const cleanupNamed = (name: Cleanup['algorithm']): Cleanup => {
  const found = cleanups.find(({ algorithm }) => algorithm === name)
  if (!found) throw new Error(`bug: the matrix has no cleanup ${name}`)
  return found
}

const realSubjects: readonly CleanupSubject[] = [
  { ...vulnerable, cleanup: cleanupNamed('alternating'), tags: ['lab', 'npa'] },
  { ...fixed, cleanup: cleanupNamed('last-seen'), tags: ['lab', 'npa'] },
]

export const subjects: readonly CleanupSubject[] = [
  ...[...cleanups, ...candidates].map((cleanup): CleanupSubject => ({
    agent: `reference:${cleanup.algorithm}`,
    go_replace: [],
    cleanup,
    tags: ['lab'],
  })),
  ...realSubjects,
]
