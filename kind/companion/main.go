// companion: what the Network Policy Agent asks of EC2 and of the VPC CNI, answered on any node; and what has to be done to a node
// for it, and undone. It is compiled inside the agent's module, so that it speaks the types of that version.
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
		"serve":   serve,     // answers for the instance metadata and for ipamd; keeps the CNI step in place
		"prepare": prepare,   // before the agent starts: an eBPF file system
		"restore": restore,   // takes away what was done to the node, and what the agent left there
		"wait":    wait,      // does nothing until it is ended
		"listen":  listen,    // proof: listens on ports
		"dial":    dial,      // proof: connects
		"map":     showMap,   // proof: the agent's conntrack map
		"crds":    showFiles, // the agent's custom resource definitions
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
