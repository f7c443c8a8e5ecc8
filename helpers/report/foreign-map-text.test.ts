import { expect, test } from 'vitest'
import { foreignMapText } from './foreign-map-text.ts'

const build = { version: 'v1.4.3', dirty: false, go: 'go1', clang: '14', goReplace: [] }

test.for([
  ['24/1', '24/16', ', which is not this version’s 24/16: it works on the map of another version'],
  ['24/16', '24/16', ''],
  ['24/1', undefined, ''],
] as const)('a map of layout %s under a version that makes %s', ([mapLayout, own, text]) => {
  expect(foreignMapText({ mapLayout, build, ...(own && { ownMapLayout: own }) })).toBe(text)
  // Histories of earlier versions.
  expect(foreignMapText({ mapLayout, build: { ...build, ...(own && { mapLayout: own }) } })).toBe(text)
})
