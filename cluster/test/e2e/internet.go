// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"k8s.io/client-go/util/cert"
)

// openAIPaths are the beginnings of paths at OpenAI's hosts. The simulator's own controls are at
// neither host.
var openAIPaths = map[string]string{
	"auth.openai.com": "/oauth/",
	"api.openai.com":  "/v1/",
}

// An internet is OpenAI's hosts under their real names, as a closed network shows them to its
// programs: behind a proxy, with certificates of an authority of its own.
type internet struct {
	server  *http.Server
	address string
	// authorities is the file by which programs trust the certificates.
	authorities string
}

// newInternet has OpenAI's hosts answered by a handler. It writes the authority's certificate into
// a folder.
func newInternet(ctx context.Context, dir string, openAI http.Handler) (*internet, error) {
	names := slices.Sorted(maps.Keys(openAIPaths))
	chain, key, err := cert.GenerateSelfSignedCertKey(names[0], nil, names[1:])
	if err != nil {
		return nil, fmt.Errorf("cannot issue a certificate for %q: %w", names, err)
	}
	certificate, err := tls.X509KeyPair(chain, key)
	if err != nil {
		return nil, fmt.Errorf("cannot use the certificate for %q: %w", names, err)
	}
	i := &internet{authorities: filepath.Join(dir, "authorities.pem")}
	if err := os.WriteFile(i.authorities, chain, 0o600); err != nil {
		return nil, fmt.Errorf("cannot write the certificate of an authority: %w", err)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("cannot listen for calls to OpenAI: %w", err)
	}
	i.address = l.Addr().String()
	i.server = &http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		TLSConfig:         &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
		// The simulator's faults reset connections, which only HTTP/1 can.
		Protocols: new(http.Protocols),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if start := openAIPaths[r.Host]; start == "" || !strings.HasPrefix(r.URL.Path, start) {
				http.NotFound(w, r)
				return
			}
			openAI.ServeHTTP(w, r)
		}),
	}
	i.server.Protocols.SetHTTP1(true)
	go func() { _ = i.server.ServeTLS(l, "", "") }() // it ends when it is closed
	return i, nil
}

// has reports whether a host with a port is one of OpenAI's.
func (i *internet) has(host string) bool {
	name, isHTTPS := strings.CutSuffix(host, ":443")
	return isHTTPS && openAIPaths[name] != ""
}

func (i *internet) close() { _ = i.server.Close() }
