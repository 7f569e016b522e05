// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

// A verification says where the keys of an identity provider are.
type verification struct {
	Type         string          `json:"type"`
	DiscoveryURL field[string]   `json:"discovery_url"`
	JWKS         json.RawMessage `json:"jwks"`
}

// The types of verification.
const (
	verifyByDiscovery = "discovery"
	verifyByUpload    = "uploaded_jwks"
)

// checkVerification refuses a verification that lacks what its type requires. A discovery
// URL may be null, but not left out.
func checkVerification(raw json.RawMessage) *apiError {
	var v verification
	err := json.Unmarshal(raw, &v)
	switch {
	case err == nil && v.Type == verifyByDiscovery && v.DiscoveryURL.set:
		return nil
	case err == nil && v.Type == verifyByUpload && v.JWKS != nil:
		return checkJWKS(v.JWKS)
	}
	return invalidValue("verification", "neither a discovery_url nor jwks of the type")
}

// privateParameters are those of private and symmetric keys (RFC 7518, section 6).
var privateParameters = []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"}

// checkJWKS refuses keys that cannot be told apart, and private ones. Whether OpenAI
// accepts a set without keys is undocumented; it would verify nothing.
func checkJWKS(raw json.RawMessage) *apiError {
	var set struct {
		Keys []map[string]any `json:"keys"`
	}
	if err := json.Unmarshal(raw, &set); err != nil || len(set.Keys) == 0 {
		return invalidValue("verification.jwks", "not of the form {\"keys\": [...]} with at least one key")
	}
	var known []string
	for i, key := range set.Keys {
		kid, _ := key["kid"].(string)
		switch {
		case kid == "":
			return invalidValue("verification.jwks", "key %d has no kid", i)
		case slices.Contains(known, kid):
			return invalidValue("verification.jwks", "two keys have the kid %q", kid)
		}
		for _, private := range privateParameters {
			if _, there := key[private]; there {
				return invalidValue("verification.jwks", "key %q has the parameter '%s' of a private key", kid, private)
			}
		}
		known = append(known, kid)
	}
	return nil
}

// A keySet is a JWKS. Its keys are read when they are needed, because one that cannot be
// read must not make the others useless.
type keySet struct {
	Keys []json.RawMessage `json:"keys"`
}

// find the public key with an ID.
func (s keySet) find(id string) (jose.JSONWebKey, error) {
	for _, raw := range s.Keys {
		var named struct {
			ID string `json:"kid"`
		}
		if err := json.Unmarshal(raw, &named); err != nil || named.ID != id {
			continue
		}
		var key jose.JSONWebKey
		if err := json.Unmarshal(raw, &key); err != nil {
			return key, fmt.Errorf("key %q of the identity provider cannot be read: %w", id, err)
		}
		if !key.IsPublic() || key.Use == "enc" {
			return key, fmt.Errorf("key %q of the identity provider is not for signatures", id)
		}
		return key, nil
	}
	return jose.JSONWebKey{}, fmt.Errorf("the identity provider has no key %q", id)
}
