/** States what each cleanup needs, and what an agent can do on a node that does not offer it. */
import type { ConcurrentName } from './concurrent-table.ts'

export interface Requirements {
  readonly needs: string
  readonly without: string
  /** How long a dead entry is kept, if that is not a number of passes. */
  readonly kept?: string
}

const nothing: Requirements = { needs: 'nothing', without: '–' }
const stamps = 'a time stamp in each entry, written at each hit'
const everywhere = 'every kernel offers it'

export const requirements: Readonly<Record<ConcurrentName, Requirements>> = {
  immediate: nothing,
  alternating: nothing,
  'consecutive-miss': nothing,
  'timestamp-guard': { needs: 'a time stamp in each new entry', without: everywhere },
  'last-seen': { needs: stamps, without: everywhere },
  'compare-and-delete': {
    needs: `${stamps}; an eBPF program that the agent runs (\`BPF_PROG_TEST_RUN\`)`,
    without: 'delete from user space: this is `last-seen`',
  },
  'atomic compare-and-delete': { needs: 'a map operation that no kernel has', without: '–' },
  tombstone: { needs: stamps, without: everywhere },
  'ct-lookup': {
    needs: 'kernel 6.1 with BTF, and conntrack in the kernel or loaded (`bpf_skb_ct_lookup`)',
    without: 'the kernel refuses the datapath; without the lookup, this is `alternating`',
  },
  // nf_conntrack_events: Documentation/networking/nf_conntrack-sysctl.rst.
  'destroy-events': {
    needs: `${stamps}; \`CONFIG_NF_CONNTRACK_EVENTS\`, and the sysctl \`nf_conntrack_events\` not 0`,
    without: 'no event comes, so nothing is ever deleted',
  },
  // bpf_timer came with Linux 5.15. The timeout is nf_conntrack_tcp_timeout_established.
  'idle-timer': {
    needs: 'kernel 5.15 (`bpf_timer`), and a timer in each entry that each hit starts again',
    without: 'entries stay until a full map evicts them',
    kept: 'longer than the longest timeout of conntrack, 5 days by default',
  },
  'two-generations': {
    needs: 'a bit in the key, and a wait for the kernel’s RCU readers (`membarrier`, kernel 4.17)',
    without: '`nohz_full` refuses `membarrier`: wait by an update of an array of maps, or delete nothing',
  },
  'never-deletes': { needs: 'nothing', without: '–', kept: 'until a full map evicts it' },
}
