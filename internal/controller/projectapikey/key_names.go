// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/types"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// maxBaseNameBytes leaves room for the owner hash and the serial in a key's name.
const maxBaseNameBytes = 200

// An ownerHash identifies the keys of one ProjectAPIKey at OpenAI. It follows from the object's UID, so
// that an object of the same name elsewhere has another.
type ownerHash string

func ownerHashOf(uid types.UID) ownerHash {
	sum := sha256.Sum256([]byte(uid))
	return ownerHash(hex.EncodeToString(sum[:5]))
}

// providerKeyName matches the names of keys that were issued for any object.
var providerKeyName = regexp.MustCompile(`^[0-9a-f]{10}-\d+-`)

// keyName is the name of the key with a serial, such as 0a1b2c3d4e-7-checkout. It is known before
// the key is issued, so that a key whose reply was lost can be found. Owner hash and serial come
// first, since OpenAI may shorten names.
func (h ownerHash) keyName(base string, serial int) string {
	if len(base) > maxBaseNameBytes {
		base = strings.ToValidUTF8(base[:maxBaseNameBytes], "")
	}
	return string(h) + "-" + strconv.Itoa(serial) + "-" + base
}

// serial of a key with this name; false if the name has another owner hash. The rest of the name
// does not count: the user may have changed it since.
func (h ownerHash) serial(name string) (int, bool) {
	n, _, ok := h.parse(name)
	return n, ok
}

// parse the name of a key; false if it has another owner hash, or if the provider would not have
// written it so, such as with a serial that begins with a zero.
func (h ownerHash) parse(name string) (serial int, base string, ok bool) {
	hash, rest, _ := strings.Cut(name, "-")
	digits, base, named := strings.Cut(rest, "-")
	if !named || !strings.EqualFold(hash, string(h)) {
		return 0, "", false
	}
	n, err := parseSerial(digits)
	if err != nil || n < 1 || strconv.Itoa(n) != digits {
		return 0, "", false
	}
	return n, base, true
}

// masks are what OpenAI puts in place of the middle of a key: asterisks, or dots as in the examples
// of its API reference.
var masks = regexp.MustCompile(`\*+|\.{3,}|…+`)

// matchesRedacted reports whether a key's value can be the one that OpenAI shows in its redacted
// form. Known is false if the form is not understood.
func matchesRedacted(redacted, value string) (fits, known bool) {
	m := masks.FindAllStringIndex(redacted, -1)
	if len(m) == 0 {
		return false, false
	}
	prefix, suffix := redacted[:m[0][0]], redacted[m[len(m)-1][1]:]
	return len(value) > len(prefix)+len(suffix) && strings.HasPrefix(value, prefix) && strings.HasSuffix(value, suffix), true
}

// redact a value as OpenAI does, roughly: a new key is shown so until OpenAI lists it.
func redact(value string) string {
	const head, tail = 8, 4
	if len(value) < 4*(head+tail) {
		return ""
	}
	return value[:head] + "..." + value[len(value)-tail:]
}

// baseName is the part of a key's name that the user chooses.
func baseName(cr *v1alpha1.ProjectAPIKey) string {
	if n := cr.Spec.ForProvider.Name; n != nil {
		return *n
	}
	return cr.GetName()
}
