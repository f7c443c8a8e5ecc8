//go:build go1.25

// Commands that prove that a policy is enforced: listen on ports, connect to them, and read the agent's map.
package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// listen accepts connections on ports, and writes a byte to each.
func listen(ctx context.Context, ports []string) error {
	for _, port := range ports {
		listener, err := net.Listen("tcp", ":"+port)
		if err != nil {
			return err
		}
		go func() {
			for {
				connection, err := listener.Accept()
				if err != nil {
					return
				}
				connection.Write([]byte{'.'})
				connection.Close()
			}
		}()
	}
	<-ctx.Done()
	return nil
}

// A packet that is let through is answered in a millisecond. The limit is shorter than one second, after which TCP sends a dropped packet again.
const dialLimit = 900 * time.Millisecond

type call struct {
	To string `json:"to"`
	// How it ended: open, timeout or refused.
	Outcome string `json:"outcome"`
	From    string `json:"from,omitempty"`
}

// dial connects to all addresses at once, and prints how each connection ended.
func dial(ctx context.Context, addresses []string) error {
	calls := make([]call, len(addresses))
	var all sync.WaitGroup
	for i, address := range addresses {
		all.Go(func() { calls[i] = connect(ctx, address) })
	}
	all.Wait()
	return say(calls)
}

func connect(ctx context.Context, address string) call {
	ctx, cancel := context.WithTimeout(ctx, dialLimit)
	defer cancel()
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return call{To: address, Outcome: "timeout"}
	case err != nil:
		return call{To: address, Outcome: "refused"}
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(dialLimit))
	if _, err := connection.Read(make([]byte, 1)); err != nil {
		return call{To: address, Outcome: "timeout"}
	}
	return call{To: address, Outcome: "open", From: connection.LocalAddr().String()}
}

const conntrackMap = "/sys/fs/bpf/globals/aws/maps/global_aws_conntrack_map"

// The fields of the kernel's bpf_attr that are used here.
type (
	objectAttr  struct{ path, fd, flags uint64 } // The kernel's last two fields have 32 bits each; they are zero here.
	elementAttr struct {
		fd, _           uint32
		key, value, any uint64
	}
	infoAttr struct {
		fd, length uint32
		info       uint64
	}
	mapInfo struct{ kind, id, keyBytes, valueBytes, maxEntries, flags uint32 }
)

// showMap prints the layout of the agent's conntrack map, and its keys in hexadecimal.
func showMap(context.Context, []string) error {
	path, err := unix.BytePtrFromString(conntrackMap)
	if err != nil {
		return err
	}
	fd, err := bpf(unix.BPF_OBJ_GET, unsafe.Pointer(&objectAttr{path: uint64(uintptr(unsafe.Pointer(path)))}), 16)
	if err != nil {
		return fmt.Errorf("could not open the agent's map %s: %w", conntrackMap, err)
	}
	var info mapInfo
	about := infoAttr{fd: uint32(fd), length: uint32(unsafe.Sizeof(info)), info: uint64(uintptr(unsafe.Pointer(&info)))}
	if _, err := bpf(unix.BPF_OBJ_GET_INFO_BY_FD, unsafe.Pointer(&about), unsafe.Sizeof(about)); err != nil {
		return err
	}
	keys := []string{}
	next, before := make([]byte, info.keyBytes), []byte(nil)
	for {
		step := elementAttr{fd: uint32(fd), value: uint64(uintptr(unsafe.Pointer(&next[0])))}
		if before != nil {
			step.key = uint64(uintptr(unsafe.Pointer(&before[0])))
		}
		if _, err := bpf(unix.BPF_MAP_GET_NEXT_KEY, unsafe.Pointer(&step), unsafe.Sizeof(step)); err != nil {
			break // ENOENT after the last key.
		}
		keys = append(keys, hex.EncodeToString(next))
		before = append([]byte(nil), next...)
	}
	return say(map[string]any{"id": info.id, "keyBytes": info.keyBytes, "valueBytes": info.valueBytes, "keys": keys})
}

func bpf(command uintptr, attr unsafe.Pointer, size uintptr) (int, error) {
	result, _, errno := unix.Syscall(unix.SYS_BPF, command, uintptr(attr), size)
	if errno != 0 {
		return -1, errno
	}
	return int(result), nil
}

// Labels of the definitions and of the objects in npa.yaml. install-npa adopts objects that have them, and removes these objects.
const ownerLabels = "  labels: { app.kubernetes.io/managed-by: npa-race, npa-race/owner: install }\n"

// showFiles prints the custom resource definitions of the image with those labels, one YAML document each.
func showFiles(context.Context, []string) error {
	files, err := filepath.Glob("/crds/*.yaml")
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		// The definition's own metadata is the one that is not indented. controller-gen gives it no labels.
		before, after, found := strings.Cut(string(text), "\nmetadata:\n")
		if !found {
			return fmt.Errorf("bug: the definition %s has no metadata", file)
		}
		fmt.Print(before, "\nmetadata:\n", ownerLabels, after)
	}
	return nil
}
