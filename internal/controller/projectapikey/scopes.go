// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// scopeReadOnly is the scope of a read-only key (openai-go, project API key
// update).
const scopeReadOnly = "api.all.read"

// scopes of a key as OpenAI names them, sorted. None means full permissions.
func scopes(p v1alpha1.ProjectAPIKeyParameters) []string {
	var out []string
	switch {
	case len(p.Scopes) > 0:
		out = slices.Clone(p.Scopes)
	case p.Permissions != nil:
		out = permissionScopes(*p.Permissions)
	case p.ReadOnly != nil && *p.ReadOnly:
		out = []string{scopeReadOnly}
	}
	slices.Sort(out)
	return out
}

// permissionScopes are the scopes behind the groups of OpenAI's dashboard.
func permissionScopes(p v1alpha1.ProjectAPIKeyPermissions) []string {
	var out []string
	if p.Models != "" {
		out = append(out, "model.read", "api.model.read")
	}
	if p.ModelCapabilities != "" {
		out = append(out, "model.request", "api.model.request")
	}
	for group, access := range map[string]string{
		"api.assistants":       p.Assistants,
		"api.threads":          p.Threads,
		"api.fine_tuning.jobs": p.FineTuning,
		"api.files":            p.Files,
	} {
		if access != "" {
			out = append(out, group+"."+access)
		}
	}
	return out
}

// fingerprint of a set of scopes. OpenAI does not return the scopes of a key, so that the key state
// has that of those applied last.
func fingerprint(scopes []string) string {
	sum := sha256.Sum256([]byte(strings.Join(scopes, "\n")))
	return hex.EncodeToString(sum[:8])
}
