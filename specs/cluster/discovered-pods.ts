/** The scrape job of `kind/watch/prometheus.yaml` for a Prometheus that runs outside of the cluster. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { run } from '../../fixtures/system/command.ts'
import { suiteFolder } from '../../fixtures/system/own-files.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { hasPrometheus, whyNoPrometheus, type PrometheusOptions } from '../suite/prometheus.ts'

const scrapeSchema = z.looseObject({
  scrape_configs: z.array(z.looseObject({ kubernetes_sd_configs: z.array(z.looseObject({})) })),
})

/** Why this machine's Prometheus cannot find pods; empty if it can. Debian's build lacks the discovery of Kubernetes, and upstream's has it. */
export async function whyNoDiscovery(): Promise<string> {
  if (!hasPrometheus) return whyNoPrometheus
  using folder = temporaryFolder('discovery')
  const file = join(folder.path, 'prometheus.yml')
  writeFileSync(file, stringify({ scrape_configs: [{ job_name: 'x', kubernetes_sd_configs: [{ role: 'pod' }] }] }))
  return await run('promtool', ['check', 'config', file]).then(
    () => '',
    () => ' (skipped: this build of Prometheus has no discovery of Kubernetes; those of prometheus.io have it)',
  )
}

/**
 * Adds to the job how the API server is reached. In a cluster, Prometheus knows that by itself.
 *
 * @param kubeconfig default: the one that kubectl uses
 * @param folder for the certificates
 */
export function discoveryOf(kubeconfig: string | undefined, folder: string): PrometheusOptions {
  const config = new KubeConfig()
  if (kubeconfig === undefined) config.loadFromDefault()
  else config.loadFromFile(kubeconfig)
  const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()]
  const certificate = (name: string, base64: string | undefined): string => {
    const file = join(folder, name)
    writeFileSync(file, Buffer.from(base64 ?? '', 'base64'))
    return file
  }
  const access = {
    api_server: cluster?.server,
    tls_config: {
      ca_file: certificate('ca.crt', cluster?.caData),
      cert_file: certificate('client.crt', user?.certData),
      key_file: certificate('client.key', user?.keyData),
    },
  }
  const { scrape_configs: jobs } = scrapeSchema.parse(
    parse(readFileSync(join(suiteFolder, 'kind/watch/prometheus.yaml'), 'utf8')),
  )
  return {
    scrape_configs: jobs.map(({ kubernetes_sd_configs: discoveries, ...job }) => ({
      ...job,
      kubernetes_sd_configs: discoveries.map((discovery) => ({ ...discovery, ...access })),
    })),
  }
}
