// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"encoding/base64"
	"encoding/binary"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// Found is a resource at OpenAI that may be the one looked for.
type Found struct {
	// ID of the resource.
	ID string
	// CreatedAt is when it was created; zero: OpenAI does not tell.
	CreatedAt time.Time
	// New reports that it was not listed before the create.
	New bool
	// Exact reports that it has the very name that is looked for, and not only what OpenAI
	// may have made of it.
	Exact bool
}

// mostListed bounds what the status of an object keeps of a list, at 6 bytes for each ID.
const mostListed = 5000

// listedSize is the size in bytes of what is kept of an ID. If one that is made has the hash of
// one of n others, which happens once in four billion / n creates that were interrupted, it is
// not found, and another is made.
const listedSize = 4

// listedForm begins what a status keeps, and tells its form from others that may follow.
const listedForm = "0:"

// listedIDs are the IDs of a list, as a status keeps them: their hashes in order.
func listedIDs[O any](all *inventory.Listing[O], id func(o *O) string) (string, error) {
	var hashes []uint32
	for o := range all.All() {
		hashes = append(hashes, hashOf(id(o)))
	}
	if len(hashes) > mostListed {
		return "", terminal.Errorf("%d such things exist at OpenAI, more than the %d among which one that is created can be found again: delete what nobody needs, or create it at OpenAI and set the external name", len(hashes), mostListed)
	}
	slices.Sort(hashes)
	raw := make([]byte, 0, listedSize*len(hashes))
	for _, h := range hashes {
		raw = binary.BigEndian.AppendUint32(raw, h)
	}
	return listedForm + base64.RawStdEncoding.EncodeToString(raw), nil
}

// isNew reports whether an ID is none of those that were listed before. Of none that were
// kept, nothing is known to be new.
func isNew(listed, id string) (bool, error) {
	if listed == "" {
		return false, nil
	}
	hashes, ok := strings.CutPrefix(listed, listedForm)
	raw, err := base64.RawStdEncoding.DecodeString(hashes)
	if !ok || err != nil || len(raw)%listedSize != 0 {
		return false, terminal.Errorf("status.listedBeforeCreate is not what this version of the provider writes, so that nothing tells what an interrupted create made: set the external name to the ID of what was made, or have the object made anew")
	}
	want := hashOf(id)
	for at := 0; at < len(raw); at += listedSize {
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
