/** The scrape job of `kind/watch/prometheus.yaml` for a Prometheus that runs outside of the cluster. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { parse } from 'yaml'
import { z } from 'zod'
import { suiteFolder } from '../../fixtures/system/own-files.ts'
import type { PrometheusOptions } from '../suite/prometheus.ts'

const scrapeSchema = z.looseObject({
  scrape_configs: z.array(z.looseObject({ kubernetes_sd_configs: z.array(z.looseObject({})) })),
})

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
