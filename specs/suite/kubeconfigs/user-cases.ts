/** Credentials of a user, and impersonation. */
import type { CaseParts, KubeconfigCase } from './case-parts.ts'
import { expiredToken } from './test-servers.ts'

export const userCases = ({ ok, cluster, token, data }: CaseParts): readonly KubeconfigCase[] => [
  ok('a token', token),
  ok('a token with spaces around it in a file', { tokenFile: 'token.txt' }),
  ok('a token and a file with another one', { ...token, tokenFile: 'token.txt' }),
  ok('an empty token file', { tokenFile: 'empty.txt' }, cluster, { refused: /tokenFile .*empty\.txt .* is empty/ }),
  ok('a token file that is not there', { tokenFile: 'nowhere.txt' }, cluster, {
    refused: /nowhere\.txt .* cannot be read/,
  }),
  ok('a user name and a password', { username: 'me', password: 'my-password' }),
  ok('a token and a password', { ...token, username: 'me', password: 'p' }, cluster, {
    refused: /a token and a user name/,
  }),
  ok('a client certificate as data', data),
  ok('a client certificate as files', { 'client-certificate': 'client.crt', 'client-key': 'client.key' }),
  ok('a client certificate without a key', { 'client-certificate': 'client.crt' }, cluster, {
    refused: /no client key/,
  }),
  ok('a client certificate twice', { ...data, 'client-certificate': 'client.crt' }, cluster, {
    refused: /client-certificate and client-certificate-data/,
  }),
  ok('a client certificate and a token', { ...data, ...token }),
  ok(
    'a client certificate that is not there',
    { 'client-certificate': 'nowhere.crt', 'client-key': 'client.key' },
    cluster,
    { refused: /nowhere\.crt .* cannot be read/ },
  ),
  ok('a user without credentials', {}, cluster, { refused: /no credentials/ }),
  ok('impersonation without credentials', { as: 'jane' }, cluster, { refused: /no credentials/ }),
  ok('impersonation of a user', { ...token, as: 'jane' }),
  ok('impersonation with everything', {
    ...token,
    as: 'jane',
    'as-uid': '1234',
    'as-groups': ['developers', 'on call'],
    'as-user-extra': { reason: ['a', 'b'], 'example.com/Path%': ['c'] },
  }),
  ok('groups without a user', { ...token, 'as-groups': ['developers'] }, cluster, { refused: /without as/ }),
  ok('a token that has expired', { token: expiredToken }, cluster, {
    refused: /answered 401: the token has expired/,
  }),
]
