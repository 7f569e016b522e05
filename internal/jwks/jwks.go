// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package jwks reads JSON Web Key Sets (RFC 7517): the public keys that verify tokens.
package jwks

import (
	"crypto"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// A Key is a public key that verifies tokens.
type Key struct {
	// ID is the kid of the tokens that the key verifies.
	ID string

	// Thumbprint of the key (RFC 7638, SHA-256), which is the same however the key is written;
	// empty: the key is of no known type.
	Thumbprint string

	// JSON of the key. Of a known type it has nothing but the key itself, its ID, use and
	// algorithm.
	JSON json.RawMessage
}

// Is reports whether the key has an ID and a thumbprint. Neither alone will do: whoever may upload keys chooses the ID.
func (k Key) Is(id, thumbprint string) bool { return k.ID == id && k.Thumbprint == thumbprint }

// Same reports whether two keys are the same.
func (k Key) Same(other Key) bool { return k.Is(other.ID, other.Thumbprint) }

// Errors of Parse. None quotes the keys, which may be private.
var (
	ErrNotAKeySet = errors.New(`it is no JSON Web Key Set: write {"keys": […]}`)
	ErrNoKeys     = errors.New("it has no keys, so that no token could be verified")
	ErrPrivateKey = errors.New("it has a private key: replace that key, which everybody who could read it has seen, and give only public keys")
)

// privateParameters are the members of a JSON Web Key that are secret (RFC 7518, 6).
var privateParameters = []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"}

// Parse reads a key set that is to be uploaded, and returns its keys by ID. OpenAI accepts only keys
// with IDs of their own, and no private ones (guide "workload identity federation").
func Parse(data []byte) ([]Key, error) {
	entries, err := entriesOf(data)
	if err != nil {
		return nil, err
	}
	var all []Key
	for i, entry := range entries {
		k, err := parseKey(entry)
		if err != nil {
			return nil, fmt.Errorf("key %d of %d: %w", i+1, len(entries), err)
		}
		all = append(all, k)
	}
	sortByID(all)
	// An API server publishes a key as often as it is given.
	all = slices.CompactFunc(all, Key.Same)
	for i := range all[min(1, len(all)):] {
		if all[i].ID == all[i+1].ID {
			return nil, fmt.Errorf("two keys have the kid %q: give each one of its own", all[i].ID)
		}
	}
	if len(all) == 0 {
		return nil, ErrNoKeys
	}
	return all, nil
}

// ParseReply reads the key set in a reply of OpenAI, by ID. A key that cannot be read has no
// Thumbprint.
func ParseReply(data []byte) []Key {
	entries, err := entriesOf(data)
	if err != nil {
		return nil
	}
	var all []Key
	for _, entry := range entries {
		k, err := parseKey(entry)
		if err != nil {
			var raw struct {
				ID string `json:"kid"`
			}
			_ = json.Unmarshal(entry, &raw)
			k = Key{ID: raw.ID, JSON: entry}
		}
		all = append(all, k)
	}
	sortByID(all)
	return all
}

func entriesOf(data []byte) ([]json.RawMessage, error) {
	var set struct {
		Keys *[]json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(data, &set); err != nil || set.Keys == nil {
		return nil, ErrNotAKeySet
	}
	return *set.Keys, nil
}

func parseKey(data json.RawMessage) (Key, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return Key{}, ErrNotAKeySet
	}
	for name := range members {
		if slices.Contains(privateParameters, strings.ToLower(name)) {
			return Key{}, ErrPrivateKey
		}
	}
	var k jose.JSONWebKey
	if err := k.UnmarshalJSON(data); err != nil || !k.Valid() || !k.IsPublic() {
		return Key{}, errors.New("it is no valid RSA, EC or Ed25519 public key: correct it")
	}
	if k.KeyID == "" {
		return Key{}, errors.New("it has no kid, by which tokens name the key: add one")
	}
	sum, err := k.Thumbprint(crypto.SHA256)
	if err != nil {
		return Key{}, fmt.Errorf("cannot compute its thumbprint: %w", err)
	}
	clean, err := json.Marshal(jose.JSONWebKey{Key: k.Key, KeyID: k.KeyID, Algorithm: k.Algorithm, Use: k.Use})
	if err != nil {
		return Key{}, fmt.Errorf("cannot write it: %w", err)
	}
	return Key{ID: k.KeyID, Thumbprint: base64.RawURLEncoding.EncodeToString(sum), JSON: clean}, nil
}

func sortByID(all []Key) {
	slices.SortStableFunc(all, func(a, b Key) int { return strings.Compare(a.ID, b.ID) })
}

// Set is the key set of keys, as OpenAI's API takes it.
func Set(all []Key) map[string]any {
	keys := make([]any, 0, len(all))
	for _, k := range all {
		keys = append(keys, k.JSON)
	}
	return map[string]any{"keys": keys}
}
