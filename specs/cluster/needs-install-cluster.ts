/**
 * Names the cluster in which specs may install and remove the agent. They leave it without an agent, so it must be named for this alone:
 * RACE_INSTALL_ON is its kubeconfig. If it is not a kind cluster, RACE_IMAGE_LOADER is the program that brings an image to its nodes.
 */

/** Undefined if these specs are skipped. */
export const installKubeconfig = process.env['RACE_INSTALL_ON']

/** The end of a title: why the specs are skipped. Empty if they run. */
export const whyNotInstalled =
  installKubeconfig === undefined
    ? ' (skipped: set RACE_INSTALL_ON to the kubeconfig of a cluster that may be changed)'
    : ''

const program = process.env['RACE_IMAGE_LOADER']

/** Settings of every `install-npa` on that cluster. */
export const loaderSettings: Readonly<Record<string, string>> =
  program === undefined ? {} : { RACE_IMAGE_LOADER: program }
