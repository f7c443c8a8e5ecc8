// Puts the step that names host links into the node's CNI configuration, and takes it out again.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

const (
	networks = "/host/etc/cni/net.d"
	plugins  = "/host/opt/cni/bin"
	// The step's name among the node's plugins: no other's.
	step = "npa-race-eni-name"
	// The configuration as it was. The container runtime reads no file that ends like this.
	saved = ".npa-race-original"
)

// ensureStep puts the step behind the plugin that makes the pod's link, where it is not there yet.
func ensureStep() error {
	file, err := activeNetwork()
	if err != nil {
		return err
	}
	before, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	after, err := withStep(before)
	if err != nil || bytes.Equal(before, after) {
		return err
	}
	if err := install("/"+step, filepath.Join(plugins, step), 0o755); err != nil {
		return err
	}
	if err := replace(file+saved, before, 0o600); err != nil {
		return err
	}
	fmt.Printf("%s: added %s\n", file, step)
	return replace(file, after, 0o600)
}

// removeStep puts the configuration back as it was, or, where it was changed since, takes out the step alone.
func removeStep() error {
	originals, err := filepath.Glob(filepath.Join(networks, "*"+saved))
	if err != nil {
		return err
	}
	for _, original := range originals {
		file := original[:len(original)-len(saved)]
		before, err := os.ReadFile(original)
		if err != nil {
			return err
		}
		now, err := os.ReadFile(file)
		if errors.Is(err, os.ErrNotExist) {
			now, err = nil, nil // Whoever wrote it has taken it away.
		}
		if err != nil {
			return err
		}
		ours, err := withStep(before)
		if err != nil {
			return err
		}
		switch {
		case bytes.Equal(now, ours):
			err = replace(file, before, 0o600)
		case now != nil:
			err = withoutStep(file, now)
		}
		if err != nil {
			return err
		}
		if err := os.Remove(original); err != nil {
			return err
		}
	}
	return os.RemoveAll(filepath.Join(plugins, step))
}

func withoutStep(file string, text []byte) error {
	network, chain, err := parse(text)
	if err != nil {
		return err
	}
	rest := slices.DeleteFunc(slices.Clone(chain), isStep)
	if len(rest) == len(chain) {
		return nil
	}
	network["plugins"] = rest
	return write(file, network)
}

// withStep is the text with the step, or the same text where there is nothing to add: the step is there, or the VPC CNI names links itself.
func withStep(text []byte) ([]byte, error) {
	network, chain, err := parse(text)
	if err != nil {
		return nil, err
	}
	for _, plugin := range chain {
		if isStep(plugin) || typeOf(plugin) == "aws-cni" {
			return text, nil
		}
	}
	network["plugins"] = slices.Insert(chain, 1, any(map[string]any{"type": step}))
	return json.MarshalIndent(network, "", "  ")
}

func parse(text []byte) (network map[string]any, chain []any, err error) {
	if err := json.Unmarshal(text, &network); err != nil {
		return nil, nil, err
	}
	chain, _ = network["plugins"].([]any)
	if len(chain) == 0 {
		return nil, nil, errors.New("a CNI configuration without a list of plugins cannot take a chained one")
	}
	return network, chain, nil
}

func typeOf(plugin any) string {
	fields, _ := plugin.(map[string]any)
	name, _ := fields["type"].(string)
	return name
}

func isStep(plugin any) bool { return typeOf(plugin) == step }

// activeNetwork is the configuration that the container runtime takes: the first by name.
func activeNetwork() (string, error) {
	entries, err := os.ReadDir(networks)
	if err != nil {
		return "", err
	}
	for _, entry := range entries { // sorted
		if slices.Contains([]string{".conflist", ".conf", ".json"}, filepath.Ext(entry.Name())) {
			return filepath.Join(networks, entry.Name()), nil
		}
	}
	return "", fmt.Errorf("no CNI configuration in the node's %s yet", networks[len("/host"):])
}

func write(file string, network map[string]any) error {
	text, err := json.MarshalIndent(network, "", "  ")
	if err != nil {
		return err
	}
	return replace(file, text, 0o600)
}

func install(from, to string, mode os.FileMode) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return replace(to, text, mode)
}

// replace writes a file in one step: the runtime reads it at any time. What is there keeps its mode.
func replace(file string, text []byte, mode os.FileMode) error {
	if info, err := os.Stat(file); err == nil {
		mode = info.Mode().Perm()
	}
	// Hidden, and with no ending that the runtime reads.
	next := filepath.Join(filepath.Dir(file), "."+filepath.Base(file)+".npa-race-new")
	if err := os.WriteFile(next, text, mode); err != nil {
		return err
	}
	return os.Rename(next, file)
}
