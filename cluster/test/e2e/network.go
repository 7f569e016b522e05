// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// A network replaces a cluster's DNS and Services: it is a proxy to the pod behind a Service, by
// the Service's name and port, and to OpenAI's hosts.
type network struct {
	kube     client.Client
	kubelet  *kubelet
	internet *internet
	server   *http.Server
	address  string
}

func newNetwork(ctx context.Context, kube client.Client, k *kubelet, i *internet) (*network, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("cannot listen for calls to Services: %w", err)
	}
	n := &network{kube: kube, kubelet: k, internet: i, address: l.Addr().String()}
	n.server = &http.Server{Handler: n, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = n.server.Serve(l) }() // it ends when it is closed
	return n, nil
}

func (n *network) url() string { return "http://" + n.address }

// outside are the variables by which a program reaches OpenAI's hosts.
func (n *network) outside() []string {
	return []string{"HTTPS_PROXY=" + n.url(), "SSL_CERT_FILE=" + n.internet.authorities}
}

// client reaches OpenAI's hosts as such a program does.
func (n *network) client() (*http.Client, error) {
	authorities, err := os.ReadFile(n.internet.authorities)
	if err != nil {
		return nil, fmt.Errorf("cannot read the certificate of an authority: %w", err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authorities)
	return &http.Client{
		Timeout: 10 * time.Second,
		Transport: &http.Transport{
			Proxy:           http.ProxyURL(&url.URL{Scheme: "http", Host: n.address}),
			TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
		},
	}, nil
}

func (n *network) close() { _ = n.server.Close() }

// ServeHTTP connects a client with the pod behind a Service, or with one of OpenAI's hosts.
func (n *network) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodConnect {
		http.Error(w, "only CONNECT", http.StatusMethodNotAllowed)
		return
	}
	address, err := n.resolve(r.Context(), r.Host)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	server, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", address)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer func() { _ = server.Close() }()
	// A reply through w would have a body, for whose end gRPC waits.
	peer, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer func() { _ = peer.Close() }()
	if _, err := io.WriteString(peer, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	// Whichever side closes first ends both.
	done := make(chan struct{}, 2)
	go func() { _, _ = io.Copy(server, buffered); done <- struct{}{} }()
	go func() { _, _ = io.Copy(peer, server); done <- struct{}{} }()
	<-done
}

// resolve the address of one of OpenAI's hosts, or of a running pod behind a Service, such as
// function.crossplane-system:9443.
func (n *network) resolve(ctx context.Context, host string) (string, error) {
	if n.internet.has(host) {
		return n.internet.address, nil
	}
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		return "", err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return "", err
	}
	name, namespace, _ := strings.Cut(name, ".")
	s := &corev1.Service{}
	if err := n.kube.Get(ctx, types.NamespacedName{Namespace: namespace, Name: name}, s); err != nil {
		return "", err
	}
	for _, p := range s.Spec.Ports {
		if int(p.Port) != number {
			continue
		}
		for _, pod := range n.kubelet.running(namespace, s.Spec.Selector) {
			if address := pod.addresses[p.TargetPort.StrVal]; address != "" {
				return address, nil
			}
		}
	}
	return "", fmt.Errorf("no pod is behind %q", host)
}
