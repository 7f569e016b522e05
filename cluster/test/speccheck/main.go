// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Command speccheck compares recorded exchanges with OpenAI's own description of the Administration
// API, an OpenAPI 3.1 document: successful calls and their replies. Known gaps of the document are
// listed in gaps.go.
//
//	go run . -spec openapi.json exchanges.jsonl ...
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "speccheck: %v\n", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("speccheck", flag.ContinueOnError)
	spec := flags.String("spec", "", "OpenAI's OpenAPI document, or its administration part")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	document, err := os.ReadFile(*spec)
	if err != nil {
		return fmt.Errorf("cannot read the document: %w", err)
	}
	d, err := newDocument(document)
	if err != nil {
		return fmt.Errorf("cannot use %q: %w", *spec, err)
	}
	all, err := read(flags.Args())
	if err != nil {
		return err
	}
	r := check(d, all, gaps)
	r.print(out)
	return r.err()
}
