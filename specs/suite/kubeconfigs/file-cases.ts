/** Several files, and files that are not complete. */
import type { CaseParts, KubeconfigCase } from './case-parts.ts'

export const fileCases = ({ file, other, cluster, token }: CaseParts): readonly KubeconfigCase[] => [
  { name: 'an unfinished context next to the current one', files: [other('contexts', { name: 'y', context: null })] },
  { name: 'an unfinished cluster next to the current one', files: [other('clusters', { name: 'y', cluster: {} })] },
  { name: 'an unfinished user next to the current one', files: [other('users', { name: 'y', user: { exec: {} } })] },
  { name: 'an empty file first', files: ['', file(cluster, token)] },
  { name: 'a file with a comment only, last', files: [file(cluster, token), '# nothing yet\n'] },
  {
    name: 'the context in one file, cluster and user in another',
    files: [
      JSON.stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': 'x' }),
      file(cluster, token, { 'current-context': '' }),
    ],
  },
  {
    name: 'a context whose user is not there',
    files: [file(cluster, token, { users: [] })],
    refused: /has no user u/,
  },
  {
    name: 'a context whose cluster is not there',
    files: [file(cluster, token, { clusters: [] })],
    refused: /has no cluster/,
  },
  {
    name: 'a current context that is not there',
    files: [file(cluster, token, { 'current-context': 'z' })],
    refused: /has no cluster for its current context z/,
  },
  { name: 'broken YAML', files: ['clusters: ['], refused: /is not a kubeconfig/ },
]
