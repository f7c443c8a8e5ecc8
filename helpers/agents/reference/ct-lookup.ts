/**
 * Deletes like `alternating`, so it deletes entries of live flows. Its datapath asks the kernel's conntrack before it drops a reply, admits what
 * conntrack knows as a reply, and adds the entry again (`fixtures/kernel/bpf/ask-conntrack.h`). Our own design, from the kernel's functions for
 * eBPF programs (net/netfilter/nf_conntrack_bpf.c). Needs kernel 6.1 with BTF.
 */
export { alternating as ctLookup } from './alternating.ts'
