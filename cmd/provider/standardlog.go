// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"

	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
)

// A standardLog forwards what libraries write to the standard logger of Go.
type standardLog struct{ log logging.Logger }

// unsolicited begins the line with which net/http logs bytes that arrive on an idle connection. A
// gateway that echoes the admin key would have it logged.
var unsolicited = []byte("Unsolicited response received on idle HTTP channel")

// Write a line to the log.
func (l standardLog) Write(line []byte) (int, error) {
	if bytes.Contains(line, unsolicited) {
		l.log.Info("Received data on an idle connection that no request had asked for")
		return len(line), nil
	}
	l.log.Info(string(bytes.TrimSpace(line)))
	return len(line), nil
}
