// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/crossplane-contrib/provider-openai/cluster/test/canary"
)

// forbidden matches the API server's error for missing permissions of a ServiceAccount.
var forbidden = regexp.MustCompile(`.*is forbidden: User \\*"system:serviceaccount:.*`)

// revealsNothing searches for keys outside of Secrets, and for missing permissions.
func (w *environment) revealsNothing(ctx context.Context, s *suite) error {
	s.heading("Logs, metrics and what etcd holds")
	if err := s.ok(ctx, "no key is in any log of the provider, the function, core and Kubernetes", func(context.Context) error {
		return canary.Logs(w.logs, "*.log")
	}); err != nil {
		return err
	}
	if err := s.ok(ctx, "no key is in the provider's metrics", func(ctx context.Context) error {
		for _, p := range w.providers() {
			text, err := p.metrics(ctx)
			if err != nil {
				return err
			}
			if canary.Reveals([]byte(text)) {
				return fmt.Errorf("a key is in the metrics of pod %q", p.name)
			}
		}
		return nil
	}); err != nil {
		return err
	}
	if err := s.ok(ctx, "no key is in etcd outside of Secrets: no status, event or annotation holds one", func(ctx context.Context) error {
		return canary.Stored(ctx, w.plane)
	}); err != nil {
		return err
	}
	if err := s.ok(ctx, "nothing was forbidden to the version that is active, the function and core", func(context.Context) error {
		return w.allowed(w.seen.previousPod)
	}); err != nil {
		return err
	}
	return s.ok(ctx, "no process of the provider and the function ended but the one that was killed", func(context.Context) error {
		if n := w.kubelet.restarted.Load(); n != 1 {
			return fmt.Errorf("%d processes ended, see %q", n, w.log("kubelet"))
		}
		return nil
	})
}

// A period is the time from one second to another.
type period struct{ from, to time.Time }

// restart has the API server restart, and remembers when it did.
func (w *environment) restart(change func() error) error {
	during := period{from: time.Now().Truncate(time.Second)}
	err := change()
	during.to = time.Now().Add(time.Second)
	w.restarts = append(w.restarts, during)
	return err
}

// whileRestarting reports whether a line of a log is from a restart of the API server: it answers
// before it has read the roles, and refuses what they allow.
func (w *environment) whileRestarting(line []byte) bool {
	stamp, _, _ := bytes.Cut(line, []byte("\t"))
	at, err := time.Parse(time.RFC3339, string(stamp))
	return err == nil && slices.ContainsFunc(w.restarts, func(p period) bool { return !at.Before(p.from) && !at.After(p.to) })
}

// allowed returns an error if the API server refused a request so far, except for the permission
// that limitsNamespaces lacks at first, and while it restarted. The log of one pod can be excluded.
func (w *environment) allowed(except string) error {
	logs, err := filepath.Glob(filepath.Join(w.logs, "*.log"))
	if err != nil {
		return err
	}
	for _, log := range logs {
		if except != "" && log == w.log("pod-"+except) {
			continue
		}
		text, err := os.ReadFile(log)
		if err != nil {
			return fmt.Errorf("cannot search for missing permissions: %w", err)
		}
		for _, line := range forbidden.FindAll(text, -1) {
			if !bytes.Contains(line, []byte("allowedNamespaces")) && !w.whileRestarting(line) {
				return fmt.Errorf("%s: %s", filepath.Base(log), line)
			}
		}
	}
	return nil
}
