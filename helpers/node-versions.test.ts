import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isSupportedNode, supportedNodes } from './node-versions.ts'

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')

test('package.json, its lock file and the README name the same versions', () => {
  expect(JSON.parse(read('package.json'))).toMatchObject({ engines: { node: supportedNodes } })
  expect(JSON.parse(read('package-lock.json'))).toMatchObject({
    packages: { '': { engines: { node: supportedNodes } } },
  })
  expect(read('README.md')).toContain(`\`${supportedNodes}\``)
})

test.for([
  ['20.19.0', false],
  ['22.12.0', false],
  ['22.22.0', true],
  ['23.11.0', false],
  ['24.0.0', true],
  ['25.1.0', false],
  ['26.0.0', true],
  ['27.3.0', true],
] as const)('Node %s: %s', ([version, isSupported]) => {
  expect(isSupportedNode(version)).toBe(isSupported)
})
