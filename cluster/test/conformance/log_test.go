// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"

	"go.uber.org/zap/zapcore"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// debugLevel is the level at which crossplane-runtime logs each reconcile.
const debugLevel = zapcore.DebugLevel

// A logRecorder retains all that the provider logs, and counts reconciles by object.
type logRecorder struct {
	mu         sync.Mutex
	text       bytes.Buffer
	reconciles map[string]int
}

// An entry is a line of the log.
type entry struct {
	Message string `json:"msg"`
	Request struct {
		Namespace string `json:"namespace"`
		Name      string `json:"name"`
	} `json:"request"`
	Controller string `json:"controller"`
}

// Write implements [io.Writer]. Each call has a whole line.
func (l *logRecorder) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var e entry
	if bytes.Contains(line, []byte(`"Reconciling"`)) && json.Unmarshal(line, &e) == nil && e.Message == "Reconciling" {
		l.reconciles[e.Request.Namespace+"/"+e.Request.Name]++
	}
	return l.text.Write(line)
}

// reconcilesBegun counts the reconciles of an object that began.
func (l *logRecorder) reconcilesBegun(o client.Object) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reconciles[o.GetNamespace()+"/"+o.GetName()]
}

// all returns the log so far.
func (l *logRecorder) all() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.text.Bytes())
}
