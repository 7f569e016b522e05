// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	stdlog "log"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
)

type syncBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *syncBuffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.String()
}

// TestDataOnAnIdleConnectionIsNotLogged shows that the admin key does not get into the log when a
// gateway sends it after its reply.
func TestDataOnAnIdleConnectionIsNotLogged(t *testing.T) {
	const key = "fake-gateway-token-0123456789"
	var out syncBuffer
	before := stdlog.Writer()
	stdlog.SetOutput(standardLog{logging.NewLogrLogger(zap.New(zap.WriteTo(&out)))})
	t.Cleanup(func() { stdlog.SetOutput(before) })

	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	idle := make(chan struct{})
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = c.Close() }()
		_, _ = c.Read(make([]byte, 4096))
		_, _ = c.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
		<-idle
		_, _ = c.Write([]byte(key))
	}()

	hc := &http.Client{Transport: &http.Transport{}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.Addr().String(), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := hc.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	// The connection is idle by the time that a reply without a body is returned.
	close(idle)
	if err := wait.PollUntilContextTimeout(t.Context(), time.Millisecond, time.Minute, true, func(context.Context) (bool, error) {
		return strings.Contains(out.text(), "idle connection"), nil
	}); err != nil {
		t.Errorf("want the data on the idle connection logged, got %q", out.text())
	}
	stdlog.Print("something else")
	if got := out.text(); strings.Contains(got, key[:12]) || !strings.Contains(got, "idle connection") || !strings.Contains(got, "something else") {
		t.Errorf("log: want a line about the data and the other line, and not the key; got %q", got)
	}
}
