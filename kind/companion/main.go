//go:build go1.25

// companion stands in for EC2 and the VPC CNI on any node: it answers what the Network Policy Agent asks them. It also prepares a node for the
// agent, and restores it. It is compiled inside the agent's module, because that has the modules that it needs. The line go:build makes the language
// that of Go 1.25, which that of the oldest agents is not.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	commands := map[string]func(context.Context, []string) error{
		"serve":   serve,     // answers for the instance metadata service and for ipamd; keeps the CNI step in place
		"prepare": prepare,   // mounts the eBPF file system, before the agent starts
		"restore": restore,   // undoes what was done to the node, and removes what the agent left there
		"wait":    wait,      // does nothing until it gets a signal
		"listen":  listen,    // for the proof: listens on ports
		"dial":    dial,      // for the proof: connects to addresses
		"map":     showMap,   // for the proof: prints the keys of the agent's conntrack map
		"crds":    showFiles, // prints the agent's custom resource definitions
	}
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: companion serve | prepare | restore | wait | listen PORT… | dial ADDRESS… | map | crds")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := commands[os.Args[1]](ctx, os.Args[2:]); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
}

func wait(ctx context.Context, _ []string) error {
	<-ctx.Done()
	return nil
}

// say writes one line of JSON.
func say(value any) error {
	return json.NewEncoder(os.Stdout).Encode(value)
}
