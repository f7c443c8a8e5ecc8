/** Login plugins, and what kubectl had before them. */
import type { CaseParts, KubeconfigCase } from './case-parts.ts'
import { expiredToken } from './test-servers.ts'

export const pluginCases = ({ ok, cluster, token, plugin, answer, pem }: CaseParts): readonly KubeconfigCase[] => [
  ok('a plugin that gives a token', plugin(answer({ token: 'from-the-plugin' }))),
  ok(
    'a plugin that gives a certificate',
    plugin(answer({ clientCertificateData: pem('client.crt'), clientKeyData: pem('client.key') })),
  ),
  ok('a plugin, and a token', { ...token, ...plugin(answer({ token: 'from-the-plugin' })) }),
  ok(
    'a plugin of version v1beta1',
    plugin(answer({ token: 'from-the-plugin' }, 'client.authentication.k8s.io/v1beta1'), {
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      interactiveMode: undefined,
    }),
  ),
  ok(
    'a plugin that answers in another version',
    plugin(answer({ token: 't' }, 'client.authentication.k8s.io/v1beta1')),
    cluster,
    { refused: /apiVersion client\.authentication\.k8s\.io\/v1beta1/ },
  ),
  ok('a plugin of version v1alpha1', plugin('true', { apiVersion: 'client.authentication.k8s.io/v1alpha1' }), cluster, {
    refused: /v1alpha1/,
  }),
  ok('a plugin without interactiveMode', plugin('true', { interactiveMode: undefined }), cluster, {
    refused: /no interactiveMode/,
  }),
  ok('a plugin that needs a terminal', plugin('true', { interactiveMode: 'Always' }), cluster, {
    refused: /needs a terminal/,
  }),
  ok(
    'a plugin that reads standard input',
    plugin(`read -r word; ${answer({ token: 'from-the-plugin' })}`, { interactiveMode: 'IfAvailable' }),
  ),
  ok('a plugin by a path relative to the kubeconfig', plugin('', { command: './plugin', args: [] })),
  ok(
    'a plugin with variables and the cluster',
    plugin('test "$WORD" = hello && echo "$KUBERNETES_EXEC_INFO" | grep -q "server.:.https" && "$HOME"/plugin', {
      env: [{ name: 'WORD', value: 'hello' }],
      provideClusterInfo: true,
    }),
  ),
  ok('a plugin without the cluster', plugin('echo "$KUBERNETES_EXEC_INFO" | grep -q cluster || "$HOME"/plugin')),
  ok('a plugin that fails', plugin('echo your session has expired >&2; exit 7'), cluster, {
    refused: /ended with 7\. It printed: your session has expired/,
  }),
  ok(
    'a plugin that is not installed',
    { exec: { ...plugin('').exec, command: 'not-installed-anywhere', installHint: 'brew install it' } },
    cluster,
    { refused: /could not be started: .*ENOENT[^]*brew install it/ },
  ),
  ok('a plugin that prints something else', plugin('echo hello'), cluster, {
    refused: /printed 6 characters that are not an ExecCredential/,
  }),
  ok('a plugin that gives nothing', plugin(answer({})), cluster, { refused: /neither a token nor a certificate/ }),
  ok('a plugin whose token has expired', plugin(answer({ token: expiredToken })), cluster, {
    refused: /answered 401: the token has expired/,
  }),
  ok('the auth provider gcp', { 'auth-provider': { name: 'gcp' } }, cluster, { refused: /auth-provider gcp/ }),
]
