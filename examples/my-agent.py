#!/usr/bin/env python3
"""A small agent that npa-race can judge. Copy it, and write your own cleanup into `compare`.

It needs Python 3 and nothing else, and runs on x86-64 and arm64. Every half period it runs one pass. Two kinds of pass take turns:

  hydrate  copies the keys of the pinned map.
  compare  dumps conntrack, and deletes the entries whose flow conntrack no longer has.

This cleanup has the race: it does not look at an entry again before it deletes it.
"""

import ctypes
import os
import platform
import socket
import struct
import time

MAP_PIN = os.environ["RACE_MAP_PIN"]
KEY_BYTES = int(os.environ["RACE_MAP_KEY_BYTES"])  # 24 for IPv4, 60 for IPv6
PERIOD = float(os.environ["RACE_CLEANUP_PERIOD"])  # seconds from one compare pass to the next

FAMILY, ADDRESS_BYTES = (socket.AF_INET, 4) if KEY_BYTES == 24 else (socket.AF_INET6, 16)

# --- The pinned map, by the system call bpf(2) -------------------------------------------------------------------------

MAP_DELETE_ELEM, MAP_GET_NEXT_KEY, OBJ_GET = 3, 4, 7
BPF = {"x86_64": 321, "aarch64": 280}[platform.machine()]
libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, attributes):
    """Makes one bpf(2) call. Raises FileNotFoundError if there is no such entry, no next key or no such pin."""
    result = libc.syscall(BPF, command, attributes, len(attributes))
    if result < 0:
        raise OSError(ctypes.get_errno(), f"bpf(2) command {command} failed")
    return result


def open_map(path):
    name = ctypes.create_string_buffer(path.encode())
    return bpf(OBJ_GET, struct.pack("QII", ctypes.addressof(name), 0, 0))


def keys_of(map_fd):
    keys, key = [], None
    while True:
        following = ctypes.create_string_buffer(KEY_BYTES)
        at = ctypes.addressof(key) if key else 0
        try:
            bpf(MAP_GET_NEXT_KEY, struct.pack("IIQQ", map_fd, 0, at, ctypes.addressof(following)))
        except FileNotFoundError:
            return keys
        key = following
        keys.append(key.raw)


def delete(map_fd, key):
    buffer = ctypes.create_string_buffer(key, KEY_BYTES)
    try:
        bpf(MAP_DELETE_ELEM, struct.pack("IIQQ", map_fd, 0, ctypes.addressof(buffer), 0))
    except FileNotFoundError:
        pass  # The datapath has deleted it in the meantime.


def flow_of_key(key):
    """Returns (protocol, source, source port, destination, destination port). The ports of a key are little-endian."""
    n = ADDRESS_BYTES
    source_port, destination_port = struct.unpack_from("<H", key, n)[0], struct.unpack_from("<H", key, 2 * n + 4)[0]
    return key[2 * n + 6], key[:n], source_port, key[n + 4 : 2 * n + 4], destination_port


# --- The kernel's conntrack table, by netlink ----------------------------------------------------------------------------

NETLINK_NETFILTER, CTNETLINK_GET, DUMP_REQUEST = 12, 0x101, 0x301
NLMSG_ERROR, NLMSG_DONE = 2, 3


def attributes(data):
    """Returns the netlink attributes in `data`: their contents by their type."""
    found, at = {}, 0
    while at + 4 <= len(data):
        length, kind = struct.unpack_from("HH", data, at)
        found[kind & 0x3FFF] = data[at + 4 : at + length]
        at += (length + 3) & ~3
    return found


def flow_of_entry(entry):
    """Returns the flow of a conntrack entry in its original direction, in the form of `flow_of_key`. Other protocols than TCP and UDP: None."""
    original = attributes(attributes(entry)[1])
    addresses, ports = attributes(original[1]), attributes(original[2])
    protocol = ports[1][0]
    if protocol not in (socket.IPPROTO_TCP, socket.IPPROTO_UDP):
        return None
    source, destination = (1, 2) if FAMILY == socket.AF_INET else (3, 4)
    port = lambda kind: struct.unpack(">H", ports[kind])[0]
    return protocol, addresses[source], port(2), addresses[destination], port(3)


def dump_conntrack():
    """Returns the set of all flows that the kernel tracks in this network namespace."""
    flows = set()
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER) as netlink:
        netlink.send(struct.pack("IHHIIBBH", 20, CTNETLINK_GET, DUMP_REQUEST, 1, 0, FAMILY, 0, 0))
        while True:
            datagram, at = netlink.recv(1 << 17), 0
            while at < len(datagram):
                length, kind = struct.unpack_from("IH", datagram, at)
                if kind == NLMSG_DONE:
                    return flows
                if kind == NLMSG_ERROR:
                    raise OSError(-struct.unpack_from("i", datagram, at + 16)[0], "the conntrack dump failed")
                flows.add(flow_of_entry(datagram[at + 20 : at + length]))
                at += (length + 3) & ~3


# --- The cleanup -------------------------------------------------------------------------------------------------------


def compare(map_fd, keys):
    tracked = dump_conntrack()
    for key in keys:
        if flow_of_key(key) not in tracked:
            delete(map_fd, key)


conntrack_map = open_map(MAP_PIN)
while True:  # until SIGTERM ends the program
    copied = keys_of(conntrack_map)
    time.sleep(PERIOD / 2)
    compare(conntrack_map, copied)
    time.sleep(PERIOD / 2)
