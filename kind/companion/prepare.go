//go:build go1.25

// Prepares a node for the agent, and restores it afterwards.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const (
	bpffs = "/host/sys/fs/bpf"
	// Marks that we mounted the eBPF file system. It is removed with that mount.
	mounted = "/var/run/aws-node/.npa-race-bpffs"
	// These folders contain only files of the agent and ours, so they are removed as a whole.
	runFolder = "/host/var/run/aws-node"
	logFolder = "/host/var/log/aws-routed-eni"
)

// prepare mounts the eBPF file system if the node has not mounted it.
func prepare(context.Context, []string) error {
	there, err := isBpffs()
	if err != nil || there {
		return err
	}
	if err := os.WriteFile(mounted, nil, 0o600); err != nil {
		return err
	}
	return unix.Mount("bpf", bpffs, "bpf", 0, "mode=0700")
}

func isBpffs() (bool, error) {
	var stat unix.Statfs_t
	if err := unix.Statfs(bpffs, &stat); err != nil {
		return false, fmt.Errorf("could not look at %s of the node: %w", bpffs[len("/host"):], err)
	}
	return stat.Type == unix.BPF_FS_MAGIC, nil
}

// restore waits until the agent has ended, then undoes everything. It continues after a failure, and returns all failures.
func restore(ctx context.Context, _ []string) error {
	if err := ended(ctx); err != nil {
		return err
	}
	return errors.Join(removeStep(), removeFilters(), removePins(), removeFiles())
}

// The addresses at which the agent and this companion answer while they run.
var answering = []string{metadataAddress, "127.0.0.1:8163"}

// ended waits until the agent's pod on this node has ended, because it would add again what restore removes.
func ended(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for _, address := range answering {
		for {
			connection, err := net.DialTimeout("tcp", address, time.Second)
			if err != nil {
				break
			}
			connection.Close()
			select {
			case <-ctx.Done():
				return fmt.Errorf("the agent's pod still answers at %s after one minute: delete its DaemonSet first", address)
			case <-time.After(100 * time.Millisecond):
			}
		}
	}
	return nil
}

// removeFilters removes the agent's programs from the links of pods. Otherwise they would continue to drop packets.
func removeFilters() error {
	links, err := netlink.LinkList()
	if err != nil {
		return err
	}
	var failures []error
	for _, link := range links {
		name := link.Attrs().Name
		if strings.HasPrefix(name, "eni") || strings.HasPrefix(name, "vlan") {
			failures = append(failures, removeFrom(link))
		}
	}
	return errors.Join(failures...)
}

func removeFrom(link netlink.Link) error {
	others := 0
	for _, parent := range []uint32{netlink.HANDLE_MIN_INGRESS, netlink.HANDLE_MIN_EGRESS} {
		filters, err := netlink.FilterList(link, parent)
		if err != nil {
			continue // The link has no queueing discipline, or the pod is gone.
		}
		for _, filter := range filters {
			program, isProgram := filter.(*netlink.BpfFilter)
			if !isProgram || !strings.HasPrefix(program.Name, "handle_") {
				others++
				continue
			}
			if err := netlink.FilterDel(filter); err != nil {
				return fmt.Errorf("could not remove filter %s of link %s: %w", program.Name, link.Attrs().Name, err)
			}
		}
	}
	disciplines, err := netlink.QdiscList(link)
	if err != nil || others > 0 {
		return err
	}
	for _, discipline := range disciplines {
		if discipline.Type() != "clsact" {
			continue
		}
		if err := netlink.QdiscDel(discipline); err != nil {
			return fmt.Errorf("could not remove clsact of link %s: %w", link.Attrs().Name, err)
		}
	}
	return nil
}

// removePins unpins the agent's programs and maps, so that the kernel frees them.
func removePins() error {
	if err := os.RemoveAll(bpffs + "/globals/aws"); err != nil {
		return err
	}
	removeEmpty(bpffs + "/globals")
	if _, err := os.Stat("/host" + mounted); err != nil {
		return nil
	}
	return unix.Unmount(bpffs, unix.MNT_DETACH)
}

func removeFiles() error {
	failures := []error{os.RemoveAll(runFolder), os.RemoveAll(logFolder)}
	for _, pattern := range []string{"tc.v[46]*.bpf.o", "v[46]events.bpf.o", "aws-eks-na-cli"} {
		files, err := filepath.Glob(filepath.Join(plugins, pattern))
		failures = append(failures, err)
		for _, file := range files {
			failures = append(failures, os.Remove(file))
		}
	}
	return errors.Join(failures...)
}

// removeEmpty removes a folder only if it is empty.
func removeEmpty(folder string) { _ = os.Remove(folder) }
