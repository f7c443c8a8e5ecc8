//go:build go1.25

// Adds the step that renames host links to the node's CNI configuration, and removes it.
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
	// The name of the step's program among the node's plugins. No other plugin has it.
	step = "npa-race-eni-name"
	// The suffix of the copy of the original configuration. The container runtime does not read files with it.
	saved = ".npa-race-original"
)

// ensureStep adds the step after the plugin that creates the pod's link. Does nothing if the step is there already.
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

// removeStep restores the original configuration. If it was changed since, it removes only the step.
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
			now, err = nil, nil // The program that wrote it has removed it.
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

// withStep returns the text with the step added. It returns the same text if the step is there, or if the VPC CNI, which names links itself, is.
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
		return nil, nil, errors.New("the CNI configuration has no list of plugins, so the chained plugin " + step + " cannot be added: use a .conflist")
	}
	return network, chain, nil
}

func typeOf(plugin any) string {
	fields, _ := plugin.(map[string]any)
	name, _ := fields["type"].(string)
	return name
}

func isStep(plugin any) bool { return typeOf(plugin) == step }

// activeNetwork returns the configuration file that the container runtime uses: the first by name.
func activeNetwork() (string, error) {
	entries, err := os.ReadDir(networks)
	if err != nil {
		return "", err
	}
	for _, entry := range entries { // Sorted by name.
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

// replace writes a file atomically, because the runtime may read it at any time. An existing file keeps its mode.
func replace(file string, text []byte, mode os.FileMode) error {
	if info, err := os.Stat(file); err == nil {
		mode = info.Mode().Perm()
	}
	// The new file is hidden and has an ending that the runtime does not read.
	next := filepath.Join(filepath.Dir(file), "."+filepath.Base(file)+".npa-race-new")
	if err := os.WriteFile(next, text, mode); err != nil {
		return err
	}
	return os.Rename(next, file)
}
