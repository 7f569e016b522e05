// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"

	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
)

// A standardLog passes on what libraries write to Go's standard logger.
type standardLog struct{ log logging.Logger }

// unsolicited begins what net/http logs of bytes that came over an idle connection, which
// may be the admin key that a gateway echoes.
var unsolicited = []byte("Unsolicited response received on idle HTTP channel")

// Write a line.
func (l standardLog) Write(line []byte) (int, error) {
	if bytes.Contains(line, unsolicited) {
		l.log.Info("Something came over an idle connection that nobody had asked for")
		return len(line), nil
	}
	l.log.Info(string(bytes.TrimSpace(line)))
	return len(line), nil
}
