import { expect, test } from 'vitest'
import { isBefore, versionOf } from './version.ts'

test.for([
  ['example.dkr.ecr.eu-west-1.amazonaws.com/amazon/aws-network-policy-agent:v1.4.3-eksbuild.1', [1, 4, 3]],
  ['registry:5000/agent:v1.2.10', [1, 2, 10]],
  [`registry:5000/agent:1.4.1@sha256:${'0'.repeat(64)}`, [1, 4, 1]],
  [`registry:5000/agent@sha256:${'0'.repeat(64)}`, undefined],
  ['registry:5000/agent', undefined],
  ['agent:latest', undefined],
  ['agent:v1.2', undefined],
  ['10.0.0.1:5000/agent', undefined],
] as const)('%s has version %o', ([image, version]) => {
  expect(versionOf(image)).toEqual(version)
})

test.for([
  [[1, 4, 2], true],
  [[1, 3, 9], true],
  [[0, 9, 9], true],
  [[1, 4, 3], false],
  [[1, 10, 0], false],
  [[2, 0, 0], false],
] as const)('%o is before 1.4.3: %o', ([version, before]) => {
  expect(isBefore(version, [1, 4, 3])).toBe(before)
})
