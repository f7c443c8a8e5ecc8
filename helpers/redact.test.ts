import { describe, expect, test } from 'vitest'
import { redactor, redactTexts, restored, secretsOfEnvironment, secretsOfKubeconfig } from './redact.ts'

const secret = 'correct-horse-battery'

describe('removes what looks like a secret', () => {
  test.for([
    ['authorization: Bearer abc.def', 'authorization: Bearer [redacted]'],
    ['--token=abc123 --other', '--token=[redacted] --other'],
    ['--password hunter2', '--password [redacted]'],
    ['["--token","abc123"]', '["--token","[redacted]"]'],
    ['{"password":"hunter2","port":1}', '{"password":"[redacted]","port":1}'],
    ['https://me:hunter2@proxy.example/x', 'https://me:[redacted]@proxy.example/x'],
    ['key AKIAABCDEFGHIJKLMNOP.', 'key [redacted].'],
    ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln', '[redacted]'],
    ['-----BEGIN EC PRIVATE KEY-----\nMHc\n-----END EC PRIVATE KEY-----', '[redacted]'],
  ] as const)('%s', ([text, clean]) => {
    expect(redactor([])(text)).toBe(clean)
  })

  test('keeps what does not', () => {
    const text = '{"type":"flow.opened","at":12,"detail":"waited 5 ms for: the agent is held; last seen: nothing"}'
    expect(redactor([])(text)).toBe(text)
  })
})

test('a known value is removed everywhere, even inside JSON', () => {
  const quoted = 'say "friend" twice'
  const line = JSON.stringify({ error: `refused ${secret}: ${quoted}` })
  const clean = redactor([secret, quoted])(line)
  expect(JSON.parse(clean)).toEqual({ error: 'refused [redacted]: [redacted]' })
})

test('a value that is too short to be a secret is kept', () => {
  expect(redactor(['test'])('a test')).toBe('a test')
})

test.for(['us-west-2', 'us-gov-east-1', 'eu-central-1', 'europe-west4', 'required'])(
  'a common value such as %s is kept, because names of nodes and images contain it',
  (value) => {
    const text = `node ip-10-0-0-1.${value}.compute.internal`
    expect(redactor([value])(text)).toBe(text)
  },
)

test('the arguments of a credential plugin are secrets, except those that name the cluster', () => {
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    command: '/usr/local/bin/aws-iam-authenticator',
    args: [
      '--region',
      'us-west-2',
      'eks',
      'get-token',
      '--cluster-name',
      'production-7',
      '--key=0123-4567',
      '--password',
      secret,
    ],
    env: [
      { name: 'AWS_PROFILE', value: 'production-admin-1' },
      { name: 'AWS_SESSION_TOKEN', value: `${secret}-3` },
    ],
  }
  expect(secretsOfKubeconfig({ users: [{ name: 'me', user: { exec } }] })).toEqual(['0123-4567', secret, `${secret}-3`])
})

test('secrets of the environment are found by the names of their variables', () => {
  const env = { AWS_SECRET_ACCESS_KEY: secret, GITHUB_TOKEN: 'abc', PATH: '/usr/bin', DB_PASSWORD: undefined }
  expect(secretsOfEnvironment(env)).toEqual([secret, 'abc'])
})

test('every value in the users of a kubeconfig is a secret, except their names', () => {
  const kubeconfig = {
    clusters: [{ name: 'a-cluster', cluster: { server: 'https://192.0.2.1:6443' } }],
    users: [{ name: 'an-admin', user: { token: secret, exec: { args: ['--key', `${secret}-2`] } } }],
  }
  expect(secretsOfKubeconfig(kubeconfig)).toEqual([secret, `${secret}-2`])
  expect(secretsOfKubeconfig('no kubeconfig')).toEqual([])
})

const redact = redactor([secret, '123456789'])

test('redactTexts removes secrets from texts and keeps everything else', () => {
  const value = {
    at: 123456789,
    ok: true,
    none: null,
    detail: 'at correct-horse-battery',
    deep: [{ pin: 'is 123456789' }],
  }
  expect(redactTexts(value, redact)).toEqual({
    ...value,
    detail: 'at [redacted]',
    deep: [{ pin: 'is [redacted]' }],
  })
})

test('a text is a secret if the name of its field or the option before it says so; a number is not', () => {
  const value = {
    secret: 123,
    DB_PASSWORD: 'short',
    command: ['agent', '--token', 'abc', '--port', '80', '--api-key=xyz'],
  }
  expect(redactTexts(value, redact)).toEqual({
    secret: 123,
    DB_PASSWORD: '[redacted]',
    command: ['agent', '--token', '[redacted]', '--port', '80', '--api-key=[redacted]'],
  })
})

test('restored() restores one part of a value', () => {
  const original = { a: [{ b: 'was' }, { b: 'other' }], c: 1 }
  const changed = { a: [{ b: 'is' }, { b: 'is' }], c: 2 }
  expect(restored(changed, original, ['a', 0, 'b'])).toEqual({ a: [{ b: 'was' }, { b: 'is' }], c: 2 })
  expect(restored(changed, original, ['x', 'y'])).toEqual(changed)
})
