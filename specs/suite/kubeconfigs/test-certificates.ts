/** Makes the certificates of a test with openssl: an authority, a server, and a client called `client-of-test`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../../fixtures/system/command.ts'

/** Names and addresses of the API server. */
const serverNames = 'DNS:api.example,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:10.0.0.10'

/** Writes ca.crt, server.crt, server.key, client.crt and client.key to a folder. @returns reads one of them */
export async function makeCertificates(folder: string): Promise<(name: string) => string> {
  const openssl = (...args: readonly string[]) => run('openssl', args, { folder })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  await openssl(
    'req',
    '-x509',
    ...key,
    '-subj',
    '/CN=authority-of-test',
    '-days',
    '2',
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
  )
  for (const [name, subject, more] of [
    ['server', '/CN=server-of-test', `subjectAltName=${serverNames}`],
    ['client', '/O=group-of-test/CN=client-of-test', 'extendedKeyUsage=clientAuth'],
  ] as const) {
    writeFileSync(join(folder, `${name}.ext`), more)
    await openssl('req', ...key, '-subj', subject, '-keyout', `${name}.key`, '-out', `${name}.csr`)
    await openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.crt`,
    )
  }
  return (name) => readFileSync(join(folder, name), 'utf8')
}
