// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"runtime/debug"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

const rootsModule = "golang.org/x/crypto/x509roots/fallback"

// roots are the certificate authorities that the image trusts.
type roots struct {
	pem []byte
	// module that contains them.
	module *debug.Module
}

// trustedRoots returns Mozilla's certificate authorities, as the Go project publishes them. self is
// the build information of this program.
//
// Roots that Mozilla trusts with constraints are left out: a certificate file cannot express
// constraints.
func trustedRoots(self *debug.BuildInfo) (roots, error) {
	r := roots{module: moduleOf(self, rootsModule)}
	if r.module == nil {
		return r, fmt.Errorf("this program was not built from module %q, as far as it knows: build it with Go modules", rootsModule)
	}
	var b bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint != nil {
			continue
		}
		if err := pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}); err != nil {
			return r, fmt.Errorf("cannot encode a root certificate: %w", err)
		}
	}
	if b.Len() == 0 {
		return r, errors.New("there are no root certificates: the provider could not reach OpenAI")
	}
	r.pem = b.Bytes()
	return r, nil
}

func moduleOf(info *debug.BuildInfo, path string) *debug.Module {
	for _, m := range info.Deps {
		if m.Path != path {
			continue
		}
		if m.Replace != nil {
			return m.Replace
		}
		return m
	}
	return nil
}
