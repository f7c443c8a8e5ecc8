//go:build go1.25

// Stands in for the instance metadata service of EC2 and for ipamd of the VPC CNI. The agent asks both once, when it starts.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	metadataAddress = "127.0.0.1:1338"
	// Agents v1.2.4 to v1.4.0.
	ipamdAddress = "127.0.0.1:50051"
	// Agents from v1.4.1.
	ipamdSocket = "/var/run/aws-node/ipamd.sock"
	// Another program may write the CNI configuration again; kindnet does when it restarts.
	stepEvery = 5 * time.Second
)

func serve(ctx context.Context, _ []string) error {
	if err := ensureStep(); err != nil {
		return err
	}
	node := newNode(strings.Split(os.Getenv("HOST_IPS"), ","))
	failed := make(chan error, 3)
	metadata := &http.Server{Addr: metadataAddress, Handler: node.metadata(), ReadHeaderTimeout: time.Second}
	go func() { failed <- metadata.ListenAndServe() }()
	if err := node.serveIpamd(failed); err != nil {
		return err
	}
	ticker := time.NewTicker(stepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-failed:
			return err
		case <-ticker.C:
			if err := ensureStep(); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}
	}
}

type node struct{ ipv4, ipv6 string }

func newNode(addresses []string) node {
	var found node
	for _, address := range addresses {
		ip := net.ParseIP(strings.TrimSpace(address))
		switch {
		case ip == nil:
		case ip.To4() != nil:
			found.ipv4 = ip.String()
		default:
			found.ipv6 = ip.String()
		}
	}
	return found
}

// metadata answers requests of IMDS v2: for a token, and for the few keys that the agent reads. It does not use patterns of http.ServeMux, because
// the oldest agents ask for a version of Go that does not have them.
func (n node) metadata() http.Handler {
	values := map[string]string{
		"local-ipv4": n.ipv4, "ipv6": n.ipv6, "instance-id": os.Getenv("MY_NODE_NAME"), "placement/region": os.Getenv("AWS_REGION"),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		value := values[strings.TrimPrefix(r.URL.Path, "/latest/meta-data/")]
		switch {
		case r.Method == http.MethodPut && r.URL.Path == "/latest/api/token":
			w.Header().Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", r.Header.Get("X-Aws-Ec2-Metadata-Token-Ttl-Seconds"))
			io.WriteString(w, "any")
		case r.Method == http.MethodGet && value != "":
			io.WriteString(w, value)
		default:
			http.NotFound(w, r)
		}
	})
}

// serveIpamd listens at both addresses, because versions of the agent use different ones.
func (n node) serveIpamd(failed chan<- error) error {
	if err := os.MkdirAll(filepath.Dir(ipamdSocket), 0o755); err != nil {
		return err
	}
	if err := os.Remove(ipamdSocket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for network, address := range map[string]string{"tcp": ipamdAddress, "unix": ipamdSocket} {
		listener, err := net.Listen(network, address)
		if err != nil {
			return fmt.Errorf("could not stand in for ipamd at %s; does the VPC CNI run on this node? %w", address, err)
		}
		server := &http.Server{Handler: n.ipamd(), Protocols: &http.Protocols{}, ReadHeaderTimeout: time.Second}
		server.Protocols.SetUnencryptedHTTP2(true)
		go func() { failed <- server.Serve(listener) }()
	}
	return nil
}
