/** `node specs/docs/print-release-notes.ts <tag>`: prints what is new in a version, or why the tag cannot be released, and then exits with 1. */
import { readFileSync } from 'node:fs'
import manifest from '../../package.json' with { type: 'json' }
import { releaseProblems, sectionOf } from './release-notes.ts'

const [tag = ''] = process.argv.slice(2)
const changelog = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8')
const problems = releaseProblems({ tag, manifest, changelog })
for (const problem of problems) process.stderr.write(`${problem}\n`)
if (problems.length > 0) process.exitCode = 1
else process.stdout.write(`${sectionOf(changelog, manifest.version)}\n`)
