// A small agent that npa-race can judge, in Go. Copy it, and write your own cleanup into compare.
//
// It needs only the standard library, and runs on x86-64 and arm64. Build it with "go build -o my-agent examples/my-agent.go". Every half period
// it runs one pass. Two kinds of pass take turns:
//
//	hydrate  copies the keys of the pinned map.
//	compare  dumps conntrack, and deletes the entries whose flow conntrack no longer has.
//
// This cleanup has the race: it does not look at an entry again before it deletes it.
package main

import (
	"encoding/binary"
	"log"
	"net/netip"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

// --- The pinned map, by the system call bpf(2) ---

const mapDeleteElem, mapGetNextKey, objGet = 3, 4, 7

var bpfCall = map[string]uintptr{"amd64": 321, "arm64": 280}[runtime.GOARCH]

// attributes has the layout of the kernel's union bpf_attr for the commands on elements of a map.
type attributes struct {
	mapFd uint64
	key   unsafe.Pointer
	value unsafe.Pointer
}

// pin has the layout of the same union for the command that opens a pinned map.
type pin struct {
	path unsafe.Pointer
	fd   uint64
}

func bpf(command uintptr, attr unsafe.Pointer, size uintptr) (uintptr, error) {
	result, _, errno := syscall.Syscall(bpfCall, command, uintptr(attr), size)
	if errno != 0 {
		return 0, errno
	}
	return result, nil
}

func openMap(path string) (uint64, error) {
	name := append([]byte(path), 0)
	attr := pin{path: unsafe.Pointer(&name[0])}
	fd, err := bpf(objGet, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	return uint64(fd), err
}

// hydrate returns all keys of the map.
func hydrate(fd uint64, keyBytes int) (keys [][]byte) {
	var before unsafe.Pointer // nil stands for the place before the first key
	for {
		key := make([]byte, keyBytes)
		attr := attributes{mapFd: fd, key: before, value: unsafe.Pointer(&key[0])}
		if _, err := bpf(mapGetNextKey, unsafe.Pointer(&attr), unsafe.Sizeof(attr)); err != nil {
			return keys
		}
		keys = append(keys, key)
		before = unsafe.Pointer(&key[0])
	}
}

// deleteKey ignores an error: the datapath may have deleted the entry in the meantime.
func deleteKey(fd uint64, key []byte) {
	attr := attributes{mapFd: fd, key: unsafe.Pointer(&key[0])}
	bpf(mapDeleteElem, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
}

type flow struct {
	protocol            byte
	source, destination netip.AddrPort
}

// flowOfKey reads the flow of a key. The addresses have 4 or 16 bytes; the ports of a key are little-endian.
func flowOfKey(key []byte) flow {
	n := 4
	if len(key) > 24 {
		n = 16
	}
	end := func(address, port int) netip.AddrPort {
		ip, _ := netip.AddrFromSlice(key[address : address+n])
		return netip.AddrPortFrom(ip, binary.LittleEndian.Uint16(key[port:]))
	}
	return flow{protocol: key[2*n+6], source: end(0, n), destination: end(n+4, 2*n+4)}
}

// --- The kernel's conntrack table, by netlink ---

const netfilter, conntrackGet = 12, 0x101

// parts splits netlink attributes: their contents by their type.
func parts(data []byte) map[uint16][]byte {
	found := map[uint16][]byte{}
	for len(data) >= 4 {
		length := int(binary.NativeEndian.Uint16(data))
		found[binary.NativeEndian.Uint16(data[2:])&0x3fff] = data[4:length]
		data = data[min(len(data), (length+3)&^3):]
	}
	return found
}

// flowOfEntry reads the flow of a conntrack entry in its original direction.
func flowOfEntry(entry []byte) flow {
	original := parts(parts(entry)[1])
	addresses, ports := parts(original[1]), parts(original[2])
	end := func(v4, v6, port uint16) netip.AddrPort {
		ip, isV4 := netip.AddrFromSlice(addresses[v4])
		if !isV4 {
			ip, _ = netip.AddrFromSlice(addresses[v6])
		}
		if len(ports[port]) < 2 { // other protocols than TCP and UDP
			return netip.AddrPort{}
		}
		return netip.AddrPortFrom(ip, binary.BigEndian.Uint16(ports[port]))
	}
	return flow{protocol: ports[1][0], source: end(1, 3, 2), destination: end(2, 4, 3)}
}

// dumpConntrack returns all flows that the kernel tracks in this network namespace.
func dumpConntrack(family byte) (map[flow]bool, error) {
	socket, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, netfilter)
	if err != nil {
		return nil, err
	}
	defer syscall.Close(socket)
	request := binary.NativeEndian.AppendUint32(nil, 20)
	request = binary.NativeEndian.AppendUint16(request, conntrackGet)
	request = binary.NativeEndian.AppendUint16(request, syscall.NLM_F_REQUEST|syscall.NLM_F_DUMP)
	request = append(request, 1, 0, 0, 0, 0, 0, 0, 0, family, 0, 0, 0)
	if err := syscall.Sendto(socket, request, 0, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}); err != nil {
		return nil, err
	}
	flows, buffer := map[flow]bool{}, make([]byte, 1<<17)
	for {
		size, _, err := syscall.Recvfrom(socket, buffer, 0)
		if err != nil {
			return nil, err
		}
		messages, err := syscall.ParseNetlinkMessage(buffer[:size])
		if err != nil {
			return nil, err
		}
		for _, message := range messages {
			switch message.Header.Type {
			case syscall.NLMSG_DONE:
				return flows, nil
			case syscall.NLMSG_ERROR:
				return nil, syscall.Errno(-int32(binary.NativeEndian.Uint32(message.Data)))
			}
			flows[flowOfEntry(message.Data[4:])] = true
		}
	}
}

// --- The cleanup ---

func compare(fd uint64, keys [][]byte, family byte) {
	tracked, err := dumpConntrack(family)
	if err != nil {
		log.Fatalf("the conntrack dump failed: %v", err)
	}
	for _, key := range keys {
		if !tracked[flowOfKey(key)] {
			deleteKey(fd, key)
		}
	}
}

func number(variable string) float64 {
	value, err := strconv.ParseFloat(os.Getenv(variable), 64)
	if err != nil {
		log.Fatalf("%s: %v", variable, err)
	}
	return value
}

func main() {
	keyBytes := int(number("RACE_MAP_KEY_BYTES")) // 24 for IPv4, 60 for IPv6
	half := time.Duration(number("RACE_CLEANUP_PERIOD") / 2 * float64(time.Second))
	family := byte(syscall.AF_INET)
	if keyBytes > 24 {
		family = syscall.AF_INET6
	}
	fd, err := openMap(os.Getenv("RACE_MAP_PIN"))
	if err != nil {
		log.Fatalf("RACE_MAP_PIN cannot be opened: %v", err)
	}
	for { // until SIGTERM ends the program
		keys := hydrate(fd, keyBytes)
		time.Sleep(half)
		compare(fd, keys, family)
		time.Sleep(half)
	}
}
