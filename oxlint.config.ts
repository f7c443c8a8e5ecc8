/** Lint rules, and which room of `fixtures/` may import which: an import only points down. */
import { defineConfig } from 'oxlint'

/** The rooms of `fixtures/`, each with the rooms that it may import from. Every room may import `helpers/` and itself. */
const rooms = {
  system: [],
  run: ['system'],
  logs: ['system'],
  kernel: ['system'],
  undo: ['run', 'system'],
  remote: ['kernel', 'run', 'system'],
  agents: ['remote', 'kernel', 'undo', 'run', 'system'],
  targets: ['agents', 'remote', 'kernel', 'undo', 'run', 'system'],
  attempt: ['targets', 'agents', 'remote', 'kernel', 'undo', 'run', 'system'],
  install: ['targets', 'agents', 'remote', 'kernel', 'undo', 'run', 'system'],
  vitest: ['install', 'attempt', 'targets', 'agents', 'remote', 'kernel', 'undo', 'run', 'system'],
  cli: ['vitest', 'install', 'attempt', 'targets', 'agents', 'remote', 'kernel', 'undo', 'logs', 'run', 'system'],
} as const

const roomNames = Object.keys(rooms)

type Restriction = ({ readonly regex: string } | { readonly group: string[] }) & { readonly message: string }

const noSpecs: Restriction = { regex: '/specs/', message: 'fixtures import only fixtures and helpers' }

/** The rule for `files`, which may not import from `forbidden` rooms. */
const restricted = (files: readonly string[], restrictions: readonly Restriction[]) => ({
  files: [...files],
  rules: { 'no-restricted-imports': ['error', { patterns: [...restrictions] }] satisfies ['error', object] },
})

function roomRestrictions(room: string, allowed: readonly string[]): Restriction[] {
  const forbidden = roomNames.filter((name) => name !== room && !allowed.includes(name)).map((name) => `${name}/`)
  const below = [...allowed, 'helpers'].join(', ')
  return [
    noSpecs,
    // Anchored, because `helpers/` has folders of the same names.
    {
      regex: `^(\\.\\./)+(${[...forbidden, 'test\\.ts'].join('|')})`,
      message: `fixtures/${room} imports only ${below}`,
    },
  ]
}

const roomRule = (room: string, allowed: readonly string[]) =>
  restricted([`fixtures/${room}/**`], roomRestrictions(room, allowed))

/** Helpers are pure. */
const noSystem: Restriction = {
  group: ['node:*', '!node:util', 'zx', 'koffi', 'testcontainers', '@kubernetes/*'],
  message: 'helpers do no I/O',
}

/** Targets do not know each other, except that a cluster provider makes clusters. */
const targetPairs = [
  ['lab', 'cluster|providers'],
  ['cluster', 'lab|providers'],
  ['providers', 'lab'],
] as const

const targetRule = (target: string, others: string) =>
  restricted(
    [`fixtures/targets/${target}/**`],
    [
      ...roomRestrictions('targets', rooms.targets),
      { regex: `^(\\.\\./)+(${others})/`, message: `fixtures/targets/${target} does not import other targets` },
    ],
  )

const helpersRule = (files: readonly string[], more: readonly Restriction[]) =>
  restricted(files, [{ regex: '/(fixtures|specs)/', message: 'helpers import neither fixtures nor specs' }, ...more])

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'vitest', 'oxc', 'promise', 'node'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  rules: {
    'no-await-in-loop': 'off',
    'import/no-unassigned-import': 'off',
    'import/no-cycle': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/consistent-return': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'oxc/no-map-spread': 'off',
    'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }],
    'no-unused-vars': ['error', { ignoreRestSiblings: true, varsIgnorePattern: '^_' }],
    'no-useless-concat': 'off',
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
    'vitest/no-standalone-expect': 'off',
    'vitest/require-to-throw-message': 'off',
    'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
  },
  overrides: [
    helpersRule(['helpers/**'], [noSystem]),
    helpersRule(['helpers/**/*.test.ts'], []),
    ...Object.entries(rooms).map(([room, allowed]) => roomRule(room, allowed)),
    ...targetPairs.map(([one, other]) => targetRule(one, other)),
  ],
})
