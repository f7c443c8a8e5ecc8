/** Prints what .ci/run found, from the folder of its reports: parts with their times, the ten slowest spec files, counts. Sets the exit code. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const [folder = ''] = process.argv.slice(2)
const read = (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8').trim() : undefined)
const namesOf = (ending) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))

const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')} min`

/** A file whose hooks fail counts as a failure, even if none of its tests failed. */
const failuresIn = ({ status, assertionResults }) =>
  assertionResults.filter((test) => test.status === 'failed').length || (status === 'failed' ? 1 : 0)

const files = []
let passed = 0
let failed = 0
console.log('\n== summary')
for (const name of namesOf('.exit')) {
  const exit = read(`${name}.exit`)
  const { numPassedTests = exit === '0' ? 1 : 0, testResults = [] } = JSON.parse(read(`${name}.json`) ?? '{}')
  const failures = testResults.reduce((sum, file) => sum + failuresIn(file), 0) || (exit === '0' ? 0 : 1)
  files.push(
    ...testResults.map((file) => ({ part: name, file: file.name, seconds: (file.endTime - file.startTime) / 1000 })),
  )
  const time = read(`${name}.seconds`)
  console.log(
    `${name}: ${numPassedTests} passed, ${failures} failed, exit ${exit}${time === undefined ? '' : `, ${minutes(Number(time))}`}`,
  )
  passed += numPassedTests
  failed += failures
}
const built = read('rig-build.seconds')
if (built !== undefined) console.log(`building the cluster's programs: ${minutes(Number(built))}`)

console.log('\nthe ten slowest files:')
for (const { part, file, seconds } of files.toSorted((a, b) => b.seconds - a.seconds).slice(0, 10))
  console.log(`  ${minutes(seconds)}  ${part}  ${relative(process.cwd(), file)}`)

for (const name of namesOf('.skipped')) console.log(`\n*** NOT RUN: ${name}: ${read(`${name}.skipped`)} ***`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 1 ? 0 : 1
