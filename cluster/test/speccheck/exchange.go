// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// An exchange is a line of a recording, in the form of package cluster/test/exchanges, which is in
// another module.
type exchange struct {
	Method      string          `json:"method"`
	Path        string          `json:"path"`
	Query       string          `json:"query"`
	Request     json.RawMessage `json:"request"`
	Status      int             `json:"status"`
	ContentType string          `json:"content_type"`
	Response    json.RawMessage `json:"response"`
}

// read recordings. It fails if there are none, because nothing would be checked.
func read(files []string) ([]exchange, error) {
	var all []exchange
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("cannot read exchanges: %w", err)
		}
		some, err := decode(f)
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("cannot read exchanges of %q: %w", name, err)
		}
		all = append(all, some...)
	}
	if len(all) == 0 {
		return nil, errors.New("there are no exchanges to check: record some with make contract")
	}
	return all, nil
}

func decode(from io.Reader) ([]exchange, error) {
	var all []exchange
	d := json.NewDecoder(bufio.NewReader(from))
	for {
		var e exchange
		err := d.Decode(&e)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
}
