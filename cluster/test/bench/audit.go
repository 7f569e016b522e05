// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
)

// The users whose writes are counted.
const (
	userProvider = "provider"
	userFloor    = "floor"
)

// auditPolicy logs the mutating requests of the two users, one line each. SubjectAccessReviews are
// created, but change nothing.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: None
  resources: [{group: authorization.k8s.io}]
- level: Metadata
  users: [` + userProvider + `, ` + userFloor + `]
  verbs: [create, update, patch, delete, deletecollection]
`

// A write is a kind of mutating request to the API server.
type write struct {
	user, verb, resource string
}

// writes counts requests, including refused ones, which cost as much.
type writes map[write]int

// objects counts the writes of a user, except for events and the lease, which are counted
// separately.
func (w writes) objects(user string) int {
	n := 0
	for k, count := range w {
		if k.user == user && k.resource != "events" && k.resource != "leases" {
			n += count
		}
	}
	return n
}

func (w writes) events(user string) int {
	n := 0
	for k, count := range w {
		if k.user == user && k.resource == "events" {
			n += count
		}
	}
	return n
}

// named returns the counts by verb and resource, for the report.
func (w writes) named(user string) map[string]int {
	named := map[string]int{}
	for k, count := range w {
		if k.user == user {
			named[k.verb+" "+k.resource] += count
		}
	}
	return named
}

// since returns the writes after an earlier count.
func (w writes) since(before writes) writes {
	d := writes{}
	for k, n := range w {
		if n -= before[k]; n > 0 {
			d[k] = n
		}
	}
	return d
}

// parseAudit reads a line of kube-apiserver's audit log.
func parseAudit(line []byte) (write, error) {
	var e struct {
		Verb string `json:"verb"`
		User struct {
			Username string `json:"username"`
		} `json:"user"`
		ObjectRef struct {
			Resource    string `json:"resource"`
			Subresource string `json:"subresource"`
		} `json:"objectRef"`
	}
	if err := json.Unmarshal(line, &e); err != nil {
		return write{}, fmt.Errorf("cannot read the audit line %q: %w", line, err)
	}
	w := write{user: e.User.Username, verb: e.Verb, resource: e.ObjectRef.Resource}
	if e.ObjectRef.Subresource != "" {
		w.resource += "/" + e.ObjectRef.Subresource
	}
	return w, nil
}

// An auditLog counts the writes in a growing audit log.
type auditLog struct {
	path   string
	offset int64
	total  writes
}

// count everything written so far. The API server logs a request before it has answered it.
func (l *auditLog) count() (writes, error) {
	f, err := os.Open(l.path)
	if errors.Is(err, os.ErrNotExist) {
		return writes{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot open the audit log: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	if _, err := f.Seek(l.offset, io.SeekStart); err != nil {
		return nil, fmt.Errorf("cannot go on reading the audit log: %w", err)
	}
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("cannot read the audit log: %w", err)
	}
	// The last line may be incomplete.
	data = data[:bytes.LastIndexByte(data, '\n')+1]
	l.offset += int64(len(data))
	for line := range bytes.Lines(data) {
		w, err := parseAudit(line)
		if err != nil {
			return nil, err
		}
		l.total[w]++
	}
	return maps.Clone(l.total), nil
}

// prepareAudit makes a folder of programs in which kube-apiserver writes an audit log. There
// kube-apiserver is a script that runs the real one with more arguments, because envtest controls
// the arguments.
func prepareAudit(dir, apiServer string) (assets string, log *auditLog, err error) {
	assets = filepath.Join(dir, "programs")
	if err := os.MkdirAll(assets, 0o750); err != nil {
		return "", nil, fmt.Errorf("cannot make a folder for programs: %w", err)
	}
	policy := filepath.Join(dir, "audit-policy.yaml")
	if err := os.WriteFile(policy, []byte(auditPolicy), 0o600); err != nil {
		return "", nil, fmt.Errorf("cannot write the audit policy: %w", err)
	}
	log = &auditLog{path: filepath.Join(dir, "audit.log"), total: writes{}}
	// By default the log would be rotated at 100 MB.
	script := fmt.Sprintf("#!/bin/sh\nexec '%s' \"$@\" --audit-policy-file='%s' --audit-log-path='%s' --audit-log-maxsize=100000\n",
		apiServer, policy, log.path)
	//nolint:gosec // A program must be executable.
	if err := os.WriteFile(filepath.Join(assets, "kube-apiserver"), []byte(script), 0o700); err != nil {
		return "", nil, fmt.Errorf("cannot write the script that starts kube-apiserver: %w", err)
	}
	return assets, log, nil
}
