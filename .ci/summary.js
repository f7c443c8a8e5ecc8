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

/** One line per failed test, and the reason under it: the end of the output must say what failed, because the middle may be cut. */
const failureLines = (part, { name, status, message, assertionResults }) => {
  const file = relative(process.cwd(), name)
  const tests = assertionResults.filter((test) => test.status === 'failed')
  if (tests.length === 0) return status === 'failed' ? [`  ${part}  ${file}`, indent(message)] : []
  return tests.flatMap((test) => [`  ${part}  ${file} > ${test.fullName}`, ...test.failureMessages.map(indent)])
}
const indent = (text = '') =>
  text
    .split('\n')
    .slice(0, LINES_OF_A_FAILURE)
    .map((line) => `      ${line}`)
    .join('\n')
const LINES_OF_A_FAILURE = 25

const files = []
const failureText = []
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
  const lines = testResults.flatMap((file) => failureLines(name, file))
  if (exit !== '0' && lines.length === 0)
    lines.push(`  ${name}  exit ${exit}, and no test failed: its last lines above say why`)
  failureText.push(...lines)
  passed += numPassedTests
  failed += failures
}
const built = read('rig-build.seconds')
if (built !== undefined) console.log(`building the cluster's programs: ${minutes(Number(built))}`)

console.log('\nthe ten slowest files:')
for (const { part, file, seconds } of files.toSorted((a, b) => b.seconds - a.seconds).slice(0, 10))
  console.log(`  ${minutes(seconds)}  ${part}  ${relative(process.cwd(), file)}`)

if (failureText.length > 0) console.log(`\nfailed:\n${failureText.join('\n')}\n`)
for (const name of namesOf('.skipped')) console.log(`\n*** NOT RUN: ${name}: ${read(`${name}.skipped`)} ***`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 1 ? 0 : 1
