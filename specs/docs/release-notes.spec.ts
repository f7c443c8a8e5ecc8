import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { releaseProblems, sectionOf } from './release-notes.ts'

const changelog =
  '# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n- More.\n\n## [0.1.0] - 2026-11-27\n\n- All.\n'
const release = { tag: 'v0.2.0', manifest: { version: '0.2.0' }, changelog }

describe('a release', { tags: ['short'] }, () => {
  test('has the section of its version as notes', () => {
    expect(releaseProblems(release)).toEqual([])
    expect(sectionOf(changelog, '0.2.0')).toBe('### Added\n\n- More.')
    expect(sectionOf(changelog, '0.1.0')).toBe('- All.')
  })

  test.for([
    [{ tag: 'v0.3.0' }, 'the tag is v0.3.0, but package.json has version 0.2.0'],
    [{ tag: '0.2.0' }, 'the tag is 0.2.0, but package.json has version 0.2.0'],
    [{ manifest: { version: '0.2.0', private: true } }, 'package.json has "private": true'],
    [{ tag: 'v0.3.0', manifest: { version: '0.3.0' } }, 'CHANGELOG.md has no text for version 0.3.0'],
    [{ changelog: '## [0.2.0] - 2026-12-01\n\n## [0.1.0] - 2026-11-27\n\n- All.\n' }, 'CHANGELOG.md has no text for'],
  ] as const)('is refused with %j', ([change, why]) => {
    expect(releaseProblems({ ...release, ...change })).toEqual([expect.stringContaining(why)])
  })

  test('CHANGELOG.md has a section for what is not released, or for the present version', () => {
    const text = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8')
    expect(text).toMatch(/^## \[Unreleased\]$/m)
    expect(
      sectionOf(text, manifest.version) ??
        sectionOf(text.replace('[Unreleased]', `[${manifest.version}] - now`), manifest.version),
    ).toMatch(/^- /m)
  })
})
