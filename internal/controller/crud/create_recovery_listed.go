// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"encoding/base64"
	"encoding/binary"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// maxListed is the most IDs that the status of an object summarizes, at 6 bytes each.
const maxListed = 5000

// hashSize is the size in bytes of the hash of an ID. The created resource is not found, and
// another one is created, if its ID has the hash of one of n others: once in 2^32/n interrupted
// creates.
const hashSize = 4

// listedVersion begins the summary, so that later versions can have another form.
const listedVersion = "0:"

// summarize the IDs of a list as the status keeps them: their hashes in order.
func summarize[O any](all *inventory.Listing[O], id func(o *O) string) (string, error) {
	var hashes []uint32
	for o := range all.All() {
		hashes = append(hashes, hashOf(id(o)))
	}
	if len(hashes) > maxListed {
		return "", terminal.Errorf("%d resources of this kind exist at OpenAI, more than the %d among which an interrupted create could be recovered: delete those that nobody needs, or create it at OpenAI and set the external name", len(hashes), maxListed)
	}
	slices.Sort(hashes)
	raw := make([]byte, 0, hashSize*len(hashes))
	for _, h := range hashes {
		raw = binary.BigEndian.AppendUint32(raw, h)
	}
	return listedVersion + base64.RawStdEncoding.EncodeToString(raw), nil
}

// isNew reports whether an ID is not among those that a status lists. Without a list nothing is
// known to be new.
func isNew(listed, id string) (bool, error) {
	if listed == "" {
		return false, nil
	}
	hashes, ok := strings.CutPrefix(listed, listedVersion)
	raw, err := base64.RawStdEncoding.DecodeString(hashes)
	if !ok || err != nil || len(raw)%hashSize != 0 {
		return false, terminal.Errorf("status.listedBeforeCreate is not what this version of the provider writes, so that it cannot be determined what an interrupted create made: set the external name to the ID of what it made, or delete this object and create it again")
	}
	want := hashOf(id)
	for at := 0; at < len(raw); at += hashSize {
		if binary.BigEndian.Uint32(raw[at:]) == want {
			return false, nil
		}
	}
	return true, nil
}

func hashOf(id string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(id))
	return h.Sum32()
}
