// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// randomText returns n random letters and digits. The slight bias of the remainder does not
// matter here.
func randomText(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // Never fails: crypto/rand ends the program instead.
	for i := range b {
		b[i] = alphanumeric[int(b[i])%len(alphanumeric)]
	}
	return string(b)
}

// serviceAccountKeyPrefix begins every simulated key of a service account. Secret scanners
// ignore it because of the hyphen within the first eight characters after "sk-".
const serviceAccountKeyPrefix = "sk-svcacct-SIMULATED-"

const userKeyPrefix = "sk-proj-SIMULATED-"

// newKeyValue is the value of a key after its prefix. It ends in an A as OpenAI's do, so
// that the end of a redacted value identifies a key less well than it seems to.
func newKeyValue() string { return randomText(39) + "A" }

// redact shows a key as recorded redacted_values do: its first eight characters, asterisks
// up to the length of OpenAI's keys, which are longer than simulated ones, and its last
// four characters.
func redact(value string) string {
	const head, tail, length = 8, 4, 167
	return value[:head] + strings.Repeat("*", length-head-tail) + value[len(value)-tail:]
}

// redactCredential shows a refused credential as OpenAI's 401 does. Unlike redact it
// accepts any text that a client may send.
func redactCredential(value string) string {
	if len(value) < 16 {
		return strings.Repeat("*", len(value))
	}
	return value[:7] + "****" + value[len(value)-4:]
}

// hash identifies the value of a key, so that no value is stored.
func hash(value string) [sha256.Size]byte {
	return sha256.Sum256([]byte(value))
}

// Fingerprint identifies a credential in the call log without revealing it; empty for no
// credential.
func Fingerprint(credential string) string {
	if credential == "" {
		return ""
	}
	h := hash(credential)
	return hex.EncodeToString(h[:6])
}
