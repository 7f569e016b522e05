// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"fmt"
	"strings"
)

// MaxKeyBytes is the longest value that is accepted as a key. OpenAI's keys have less than 200 bytes; the
// tokens of gateways may have some thousand.
const MaxKeyBytes = 4 << 10

// KeyTooLong describes a value that exceeds MaxKeyBytes, as the end of a sentence that begins with where
// the value is stored (compare connect.KeyMistake).
var KeyTooLong = fmt.Sprintf("holds more than %d bytes, as no key does: store only the key's value", MaxKeyBytes)

// MayBeKey reports whether a value has the length and the characters of a key, so that it can be sent in
// a header.
func MayBeKey(value string) bool {
	return value != "" && len(value) <= MaxKeyBytes && !strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' })
}
