/* A command agent that reaches the kernel in unusual ways: those that its words name. It knows nothing of the suite but the contract of command
 * agents. It alternates as v1.1.2 does: it copies the keys of the map in one pass, and in the next one it dumps conntrack and deletes what
 * conntrack does not have. IPv4.
 *
 * how it deletes:
 *   lookup-delete        by BPF_MAP_LOOKUP_AND_DELETE_ELEM
 *   delete-batch         by BPF_MAP_DELETE_BATCH
 *   lookup-delete-batch  it takes all entries out by BPF_MAP_LOOKUP_AND_DELETE_BATCH, and writes back those that conntrack has
 *   bpf-program          by an eBPF program, which it runs itself
 * how it dumps:
 *   write-netlink        asks by write(2)
 *   recvmmsg             asks by sendmmsg(2), and reads by recvmmsg(2)
 *   readv                asks by writev(2), and reads by readv(2)
 *   io-uring             asks and reads by io_uring, whose work is no system call
 *   io-uring-reads       asks by send(2), and reads by io_uring
 *   two-dumps            on two sockets at a time, and decides by the first
 *   queries              asks about each flow, and never dumps
 * where it works:
 *   thread               deletes in a thread
 *   forked               works in a child process that it starts once
 *   forks                works in a new child process for each compare pass */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KEY = 24, MOST = 4096, TUPLE = 13 };

/* A flow in network byte order: addresses, ports, protocol. */
typedef uint8_t tuple[TUPLE];

static char **styles;
static int map;
static uint8_t keys[MOST][KEY], stale[MOST][KEY], values[MOST][16];
static uint32_t copied, dead;
static tuple known[2 * MOST];
static uint32_t knowns;

static int is(const char *style) {
	for (char **word = styles; *word; word++) if (strcmp(*word, style) == 0) return 1;
	return 0;
}

static void fail(const char *what) {
	perror(what);
	exit(2);
}

static int bpf(int command, union bpf_attr *attributes) { return syscall(SYS_bpf, command, attributes, sizeof(*attributes)); }

static int on_entry(int command, const void *key, const void *value) {
	union bpf_attr attributes = { .map_fd = map, .key = (uintptr_t)key, .value = (uintptr_t)value };
	return bpf(command, &attributes);
}

static void copy_keys(void) {
	for (copied = 0; copied < MOST && on_entry(BPF_MAP_GET_NEXT_KEY, copied ? keys[copied - 1] : NULL, keys[copied]) == 0;) copied++;
}

/* Addresses and ports of an entry, from its key (helpers/codecs/map-key.ts): ports are in the byte order of the machine. */
static void tuple_of(const uint8_t *key, uint8_t *flow) {
	memcpy(flow, key, 4);
	memcpy(flow + 4, key + 8, 4);
	flow[8] = key[5], flow[9] = key[4], flow[10] = key[13], flow[11] = key[12], flow[12] = key[14];
}

/* Attributes, as they follow each other in a message. */
static void put(struct nlmsghdr *to, int type, const void *data, int bytes) {
	struct nlattr *attribute = (void *)((char *)to + NLMSG_ALIGN(to->nlmsg_len));
	attribute->nla_type = type;
	attribute->nla_len = NLA_HDRLEN + bytes;
	if (bytes) memcpy((char *)attribute + NLA_HDRLEN, data, bytes);
	to->nlmsg_len = NLMSG_ALIGN(to->nlmsg_len) + NLA_ALIGN(attribute->nla_len);
}

static const uint8_t *part_of(const uint8_t *attributes, int bytes, int type, int *length) {
	for (const struct nlattr *one = (const void *)attributes; bytes >= NLA_HDRLEN && one->nla_len >= NLA_HDRLEN;) {
		*length = one->nla_len - NLA_HDRLEN;
		if ((one->nla_type & NLA_TYPE_MASK) == type) return (const uint8_t *)one + NLA_HDRLEN;
		bytes -= NLA_ALIGN(one->nla_len);
		one = (const void *)((const char *)one + NLA_ALIGN(one->nla_len));
	}
	*length = 0;
	return NULL;
}

static void keep(const struct nlmsghdr *message) {
	static const struct { int nest, type, at, bytes; } wanted[] = {
		{ CTA_TUPLE_IP, CTA_IP_V4_SRC, 0, 4 }, { CTA_TUPLE_IP, CTA_IP_V4_DST, 4, 4 }, { CTA_TUPLE_PROTO, CTA_PROTO_SRC_PORT, 8, 2 },
		{ CTA_TUPLE_PROTO, CTA_PROTO_DST_PORT, 10, 2 }, { CTA_TUPLE_PROTO, CTA_PROTO_NUM, 12, 1 },
	};
	int bytes, inner, last;
	const uint8_t *original = part_of((const uint8_t *)NLMSG_DATA(message) + sizeof(struct nfgenmsg), NLMSG_PAYLOAD(message, sizeof(struct nfgenmsg)), CTA_TUPLE_ORIG, &bytes);
	for (size_t i = 0; original && knowns < 2 * MOST && i < sizeof(wanted) / sizeof(*wanted); i++) {
		const uint8_t *nest = part_of(original, bytes, wanted[i].nest, &inner);
		const uint8_t *value = nest ? part_of(nest, inner, wanted[i].type, &last) : NULL;
		if (value && last == wanted[i].bytes) memcpy(known[knowns] + wanted[i].at, value, last);
	}
	knowns++;
}

static int netlink(void) {
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	if (fd < 0) fail("socket");
	return fd;
}

static void ask(struct nlmsghdr *to, int flags) {
	struct nfgenmsg family = { AF_INET, NFNETLINK_V0, 0 };
	*to = (struct nlmsghdr){ NLMSG_LENGTH(sizeof(family)), NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET, NLM_F_REQUEST | flags, 1, 0 };
	memcpy(NLMSG_DATA(to), &family, sizeof(family));
}

/* Does one send or receive by io_uring, and waits for it (io_uring(7)). @return its result */
static int by_ring(int operation, int fd, void *buffer, unsigned bytes) {
	static struct io_uring_params ring;
	static struct io_uring_sqe *entries;
	static char *queues;
	static int ring_fd;
	if (!queues) {
		if ((ring_fd = syscall(SYS_io_uring_setup, 1, &ring)) < 0) fail("io_uring_setup");
		size_t size = ring.cq_off.cqes + ring.cq_entries * sizeof(struct io_uring_cqe);
		queues = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring_fd, IORING_OFF_SQ_RING);
		entries = mmap(NULL, sizeof(*entries), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring_fd, IORING_OFF_SQES);
		if (queues == MAP_FAILED || (void *)entries == MAP_FAILED) fail("mmap of io_uring");
	}
	uint32_t *tail = (void *)(queues + ring.sq_off.tail), *mask = (void *)(queues + ring.sq_off.ring_mask);
	uint32_t *head = (void *)(queues + ring.cq_off.head), *ends = (void *)(queues + ring.cq_off.ring_mask);
	entries[0] = (struct io_uring_sqe){ .opcode = operation, .fd = fd, .addr = (uintptr_t)buffer, .len = bytes };
	((uint32_t *)(queues + ring.sq_off.array))[*tail & *mask] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring_fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0) fail("io_uring_enter");
	int result = ((struct io_uring_cqe *)(queues + ring.cq_off.cqes))[*head & *ends].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return result;
}

static void begin_dump(int fd) {
	struct { struct nlmsghdr header; struct nfgenmsg family; } request;
	struct iovec vector = { &request, sizeof(request) };
	struct mmsghdr message = { .msg_hdr = { .msg_iov = &vector, .msg_iovlen = 1 } };
	ask(&request.header, NLM_F_DUMP);
	ssize_t sent = is("write-netlink") ? write(fd, &request, sizeof(request))
	    : is("readv") ? writev(fd, &vector, 1)
	    : is("io-uring") ? by_ring(IORING_OP_SEND, fd, &request, sizeof(request))
	    : is("recvmmsg") ? sendmmsg(fd, &message, 1, 0)
	    : send(fd, &request, sizeof(request), 0);
	if (sent <= 0) fail("ask for a dump");
}

/* @return whether the dump is over */
static int take(const char *buffer, uint32_t bytes) {
	for (const struct nlmsghdr *message = (const void *)buffer; NLMSG_OK(message, bytes); message = NLMSG_NEXT(message, bytes)) {
		if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) return 1;
		keep(message);
	}
	return 0;
}

static void read_dump(int fd) {
	enum { BUFFERS = 4, BYTES = 1 << 16 };
	static char buffers[BUFFERS][BYTES];
	struct iovec vectors[BUFFERS];
	struct mmsghdr messages[BUFFERS] = { 0 };
	for (int over = 0; !over;) {
		for (int i = 0; i < BUFFERS; i++) {
			vectors[i] = (struct iovec){ buffers[i], BYTES };
			messages[i].msg_hdr = (struct msghdr){ .msg_iov = &vectors[i], .msg_iovlen = 1 };
		}
		int count = 1;
		if (is("recvmmsg")) count = recvmmsg(fd, messages, BUFFERS, MSG_WAITFORONE, NULL);
		else if (is("io-uring") || is("io-uring-reads")) messages[0].msg_len = by_ring(IORING_OP_RECV, fd, buffers[0], BYTES);
		else messages[0].msg_len = is("readv") ? readv(fd, vectors, 1) : recv(fd, buffers[0], BYTES, 0);
		if (count <= 0) fail("read a dump");
		for (int i = 0; i < count; i++) over |= take(buffers[i], messages[i].msg_len);
	}
	close(fd);
}

static void dump(void) {
	int fd = netlink(), other = is("two-dumps") ? netlink() : -1;
	knowns = 0;
	begin_dump(fd);
	if (other >= 0) begin_dump(other);
	read_dump(fd);
	uint32_t first = knowns;
	if (other >= 0) read_dump(other);
	knowns = first;
}

/* Asks conntrack about one flow. */
static int is_in_kernel(const uint8_t *flow) {
	char request[256] = { 0 }, answer[4096];
	struct nlmsghdr *message = (void *)request;
	ask(message, 0);
	struct nlattr *original = (void *)(request + message->nlmsg_len);
	put(message, CTA_TUPLE_ORIG | NLA_F_NESTED, NULL, 0);
	struct nlattr *addresses = (void *)(request + message->nlmsg_len);
	put(message, CTA_TUPLE_IP | NLA_F_NESTED, NULL, 0);
	put(message, CTA_IP_V4_SRC, flow, 4);
	put(message, CTA_IP_V4_DST, flow + 4, 4);
	addresses->nla_len = request + message->nlmsg_len - (char *)addresses;
	struct nlattr *ports = (void *)(request + message->nlmsg_len);
	put(message, CTA_TUPLE_PROTO | NLA_F_NESTED, NULL, 0);
	put(message, CTA_PROTO_NUM, flow + 12, 1);
	put(message, CTA_PROTO_SRC_PORT, flow + 8, 2);
	put(message, CTA_PROTO_DST_PORT, flow + 10, 2);
	ports->nla_len = request + message->nlmsg_len - (char *)ports;
	original->nla_len = request + message->nlmsg_len - (char *)original;
	int fd = netlink();
	if (send(fd, request, message->nlmsg_len, 0) < 0 || recv(fd, answer, sizeof(answer), 0) < NLMSG_HDRLEN) fail("query");
	close(fd);
	return ((struct nlmsghdr *)answer)->nlmsg_type != NLMSG_ERROR;
}

static int is_live(const uint8_t *key) {
	tuple flow;
	tuple_of(key, flow);
	if (is("queries")) return is_in_kernel(flow);
	for (uint32_t i = 0; i < knowns; i++) if (memcmp(known[i], flow, TUPLE) == 0) return 1;
	return 0;
}

/* A program that deletes one key: the key is written to its stack, four bytes an instruction. */
static void delete_by_program(const uint8_t *key) {
	struct bpf_insn code[KEY / 4 + 7];
	int n = 0;
	for (int i = 0; i < KEY; i += 4) {
		int32_t word;
		memcpy(&word, key + i, 4);
		code[n++] = (struct bpf_insn){ .code = BPF_ST | BPF_MEM | BPF_W, .dst_reg = BPF_REG_10, .off = i - KEY, .imm = word };
	}
	code[n++] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_2, .src_reg = BPF_REG_10 };
	code[n++] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_2, .imm = -KEY };
	code[n++] = (struct bpf_insn){ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = BPF_REG_1, .src_reg = BPF_PSEUDO_MAP_FD, .imm = map };
	code[n++] = (struct bpf_insn){ 0 };
	code[n++] = (struct bpf_insn){ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_map_delete_elem };
	code[n++] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 };
	code[n++] = (struct bpf_insn){ .code = BPF_JMP | BPF_EXIT };
	union bpf_attr load = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER, .insns = (uintptr_t)code, .insn_cnt = n, .license = (uintptr_t)"GPL" };
	int program = bpf(BPF_PROG_LOAD, &load);
	char packet[64] = { 0 };
	union bpf_attr run = { .test = { .prog_fd = program, .data_in = (uintptr_t)packet, .data_size_in = sizeof(packet), .repeat = 1 } };
	if (program < 0 || bpf(BPF_PROG_TEST_RUN, &run) < 0) fail("delete by a program");
	close(program);
}

static void *delete_stale(void *nothing) {
	uint64_t batch_start = 0;
	union bpf_attr batch = { .batch = { .keys = (uintptr_t)stale, .count = dead, .map_fd = map } };
	if (is("delete-batch")) {
		if (dead) bpf(BPF_MAP_DELETE_BATCH, &batch);
		return nothing;
	}
	if (is("lookup-delete-batch")) {
		batch.batch.out_batch = (uintptr_t)&batch_start, batch.batch.keys = (uintptr_t)keys, batch.batch.values = (uintptr_t)values, batch.batch.count = MOST;
		if (bpf(BPF_MAP_LOOKUP_AND_DELETE_BATCH, &batch) < 0 && errno != ENOENT) fail("take all entries");
		for (uint32_t i = 0; i < batch.batch.count; i++) if (is_live(keys[i])) on_entry(BPF_MAP_UPDATE_ELEM, keys[i], values[i]);
		return nothing;
	}
	for (uint32_t i = 0; i < dead; i++) {
		if (is("bpf-program")) delete_by_program(stale[i]);
		else if (is("lookup-delete")) on_entry(BPF_MAP_LOOKUP_AND_DELETE_ELEM, stale[i], values[i]);
		else on_entry(BPF_MAP_DELETE_ELEM, stale[i], NULL);
	}
	return nothing;
}

static void compare(void) {
	pthread_t thread;
	dead = 0;
	if (!is("queries")) dump();
	for (uint32_t i = 0; i < copied; i++) if (!is_live(keys[i])) memcpy(stale[dead++], keys[i], KEY);
	if (!is("thread")) delete_stale(NULL);
	else if (pthread_create(&thread, NULL, delete_stale, NULL) == 0) pthread_join(thread, NULL);
}

int main(int count, char **words) {
	const char *path = getenv("RACE_MAP_PIN"), *period = getenv("RACE_CLEANUP_PERIOD");
	union bpf_attr pin = { .pathname = (uintptr_t)path };
	if (count < 1 || !path || !period) return 2;
	styles = words + 1;
	if ((map = bpf(BPF_OBJ_GET, &pin)) < 0) fail(path);
	if (is("forked") && fork()) {
		wait(NULL);
		return 0;
	}
	for (int pass = 0;; pass++, usleep(atoi(period) * 500000)) {
		if (pass % 2 == 0) copy_keys();
		else if (!is("forks")) compare();
		else if (fork()) wait(NULL);
		else {
			compare();
			_exit(0);
		}
	}
}
