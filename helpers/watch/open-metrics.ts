/** Formats what `npa-race watch` has counted as OpenMetrics (https://prometheus.io/docs/specs/om/open_metrics_spec/). */
import type { PodCounts } from './pods.ts'
import type { WatchTotals } from './watch-totals.ts'

export const openMetricsType = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

/**
 * The number of time series does not grow with the traffic. The labels of a pod are not called `namespace` and `pod`, because Prometheus gives these
 * names to the pod that it scrapes.
 */
export function openMetrics(
  { counts, passes, lost, evicted, kept, seconds }: WatchTotals,
  deniedByPod: PodCounts['all'],
): string {
  const { stale, live, undecided, denied } = counts
  return [
    ...counter(
      'npa_race_deletes',
      'Deletes in the agent’s conntrack map, by whether the flow was in the kernel’s table.',
      [
        ['{flow="stale"}', stale],
        ['{flow="live"}', live],
        ['{flow="undecided"}', undecided],
      ],
    ),
    ...counter('npa_race_denied_flows', 'Live flows with a denied reply after the delete of their entry.', [
      ['', denied],
    ]),
    ...(deniedByPod.length === 0
      ? []
      : counter(
          'npa_race_pod_denied_flows',
          'The same by protected pod. Pods after the first 500 are counted together.',
          deniedByPod.map(({ pod: { namespace, name }, count }) => [
            `{protected_namespace="${escaped(namespace)}",protected_pod="${escaped(name)}"}`,
            count,
          ]),
        )),
    ...counter('npa_race_passes', 'Passes of the agent that deleted something.', [['', passes]]),
    ...counter('npa_race_unseen_deletes', 'Deletes that came faster than they were read.', [['', lost]]),
    ...(kept === undefined
      ? []
      : counter(
          'npa_race_kept_entries',
          'Entries of a sample that had no flow before a pass, and were there after it.',
          [['', kept.kept]],
        )),
    ...(evicted === undefined
      ? []
      : counter('npa_race_evictions', 'Entries that the kernel removed because the agent’s map was full.', [
          ['', evicted],
        ])),
    ...counter('npa_race_watched_seconds', 'How long the agent has been watched.', [['', seconds]], 'seconds'),
    '# EOF',
    '',
  ].join('\n')
}

/** A name of Kubernetes has none of these characters, but the file may not be Kubernetes'. */
const escaped = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

const counter = (
  name: string,
  help: string,
  samples: readonly (readonly [labels: string, value: number])[],
  unit?: string,
): string[] => [
  `# TYPE ${name} counter`,
  ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
  `# HELP ${name} ${help}`,
  ...samples.map(([labels, value]) => `${name}_total${labels} ${value}`),
]
