//go:build go1.25

// npa-race-eni-name is a chained CNI plugin. It renames the host end of a pod's link to the name that the VPC CNI would give it, because the agent
// finds the link by that name: "eni" and the first 11 hex digits of sha1("<namespace>.<pod>"). It runs after the plugin that creates the
// link. It leaves a link alone that has such a name already.
package main

import (
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const versions = `{"cniVersion":"1.0.0","supportedVersions":["0.3.0","0.3.1","0.4.0","1.0.0"]}`

// config has the result of the previous plugins. Only the names of links in it are changed; everything else is passed on unchanged.
type config struct {
	Version    string         `json:"cniVersion"`
	PrevResult map[string]any `json:"prevResult"`
}

func main() {
	switch os.Getenv("CNI_COMMAND") {
	case "VERSION":
		fmt.Println(versions)
	case "ADD":
		if err := add(); err != nil {
			json.NewEncoder(os.Stdout).Encode(map[string]any{"cniVersion": "0.4.0", "code": 100, "msg": err.Error()})
			os.Exit(1)
		}
	default: // DEL and CHECK need nothing: the link is deleted with the pod.
	}
}

func add() error {
	var given config
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		return err
	}
	if given.PrevResult == nil {
		return errors.New("npa-race-eni-name is the first plugin of its chain, so there is no link to rename: put it after the plugin that creates the link")
	}
	name, err := linkName(os.Getenv("CNI_ARGS"))
	if err != nil {
		return err
	}
	links, _ := given.PrevResult["interfaces"].([]any)
	for _, each := range links {
		link, _ := each.(map[string]any)
		old, _ := link["name"].(string)
		inPod, _ := link["sandbox"].(string)
		// Skip the pod's end, a link that the VPC CNI or a plugin like this one has named, and a bridge, which many pods share.
		if inPod != "" || strings.HasPrefix(old, "eni") || strings.HasPrefix(old, "vlan") || !isVeth(old) {
			continue
		}
		if err := rename(old, name, addresses(given.PrevResult)); err != nil {
			return fmt.Errorf("could not rename link %s to %s: %w", old, name, err)
		}
		link["name"] = name
	}
	return json.NewEncoder(os.Stdout).Encode(given.PrevResult)
}

// linkName is the name by which the agent finds the link (utils.GetHostVethName in the agent).
func linkName(arguments string) (string, error) {
	of := map[string]string{}
	for _, pair := range strings.Split(arguments, ";") {
		key, value, _ := strings.Cut(pair, "=")
		of[key] = value
	}
	namespace, pod := of["K8S_POD_NAMESPACE"], of["K8S_POD_NAME"]
	if namespace == "" || pod == "" {
		return "", errors.New("the container runtime did not pass the pod's name in CNI_ARGS (K8S_POD_NAMESPACE, K8S_POD_NAME)")
	}
	digest := sha1.Sum([]byte(namespace + "." + pod))
	return "eni" + hex.EncodeToString(digest[:])[:11], nil
}

func isVeth(name string) bool {
	link, err := netlink.LinkByName(name)
	return err == nil && link.Type() == "veth"
}

func addresses(result map[string]any) []net.IP {
	var found []net.IP
	list, _ := result["ips"].([]any)
	for _, each := range list {
		fields, _ := each.(map[string]any)
		text, _ := fields["address"].(string)
		if ip, _, err := net.ParseCIDR(text); err == nil {
			found = append(found, ip)
		}
	}
	return found
}

func rename(old, name string, pod []net.IP) error {
	link, err := netlink.LinkByName(old)
	if err != nil {
		return err
	}
	err = netlink.LinkSetName(link, name)
	if errors.Is(err, unix.EEXIST) { // It belongs to an earlier pod of the same name, which is being deleted.
		if stale, err := netlink.LinkByName(name); err == nil {
			netlink.LinkDel(stale)
		}
		err = netlink.LinkSetName(link, name)
	}
	if errors.Is(err, unix.EBUSY) {
		return renameDown(link, name, pod)
	}
	return err
}

// renameDown sets the link down to rename it, because kernels before 6.2 cannot rename a link that is up. That drops the routes to the pod, so it
// restores them.
func renameDown(link netlink.Link, name string, pod []net.IP) error {
	routes, err := netlink.RouteList(link, netlink.FAMILY_ALL)
	if err != nil {
		return err
	}
	if err := errors.Join(netlink.LinkSetDown(link), netlink.LinkSetName(link, name), netlink.LinkSetUp(link)); err != nil {
		return err
	}
	for _, route := range routes {
		for _, ip := range pod {
			if route.Dst != nil && route.Dst.IP.Equal(ip) {
				if err := netlink.RouteReplace(&route); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
