// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"fmt"
	"strings"
)

// MaxKeyBytes is the most bytes that are taken for a key. OpenAI's have less than 200; the
// token that a gateway takes instead may have some thousand.
const MaxKeyBytes = 4 << 10

// KeyTooLong is what is wrong with what exceeds longestKey, as Mistaken says it.
var KeyTooLong = fmt.Sprintf("holds more than %d bytes, as no key does: store only the key's value", MaxKeyBytes)

// MayBeKey reports whether something has the length and the characters of a key, and so
// can be sent as a header.
func MayBeKey(value string) bool {
	return value != "" && len(value) <= MaxKeyBytes && !strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' })
}
