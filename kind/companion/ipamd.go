//go:build go1.25

// Answers as ipamd of the VPC CNI does, without the CNI's types: agents before v1.2.1 have none in their modules, and later ones have different ones.
package main

import (
	"encoding/binary"
	"io"
	"net/http"
	"os"
)

const configsPath = "/rpc.ConfigServerBackend/GetNetworkPolicyConfigs"

// The codes of gRPC that are used.
const (
	statusOK            = "0"
	statusUnimplemented = "12"
)

// ipamd is a gRPC server with one call. gRPC is HTTP/2 with five bytes before each message and the status in a trailer.
func (n node) ipamd() http.Handler {
	message := grpcMessage(n.policyConfigs())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/grpc")
		w.Header().Set("Trailer", "Grpc-Status")
		if r.URL.Path != configsPath {
			w.WriteHeader(http.StatusOK)
			w.Header().Set("Grpc-Status", statusUnimplemented)
			return
		}
		w.Write(message)
		w.Header().Set("Grpc-Status", statusOK)
	})
}

// policyConfigs encodes rpc.NetworkPolicyAgentConfigReply: the mode is field 1. Agents that no longer ask the instance metadata service (pull
// request 652 of the agent) read fields 3 to 6 (pull request 3827 of the VPC CNI). Field 2, whether pods have several network cards, is false.
func (n node) policyConfigs() []byte {
	var message []byte
	for _, field := range []struct {
		number byte
		value  string
	}{
		{1, "standard"}, {3, n.ipv4}, {4, n.ipv6}, {5, os.Getenv("MY_NODE_NAME")}, {6, os.Getenv("AWS_REGION")},
	} {
		if field.value != "" {
			message = append(message, textField(field.number, field.value)...)
		}
	}
	return message
}

// textField encodes a field of type string in protobuf. The names of nodes may be longer than 127 bytes, so the length is a varint.
func textField(number byte, value string) []byte {
	const lengthDelimited = 2
	return append(binary.AppendUvarint([]byte{number<<3 | lengthDelimited}, uint64(len(value))), value...)
}

func grpcMessage(content []byte) []byte {
	const notCompressed = 0
	return append(binary.BigEndian.AppendUint32([]byte{notCompressed}, uint32(len(content))), content...)
}
