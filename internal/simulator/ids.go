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

// randomText returns n random letters and digits. The slight bias of the
// remainder does not matter for identifiers of a simulation.
func randomText(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // Never fails: crypto/rand ends the program instead.
	for i := range b {
		b[i] = alphanumeric[int(b[i])%len(alphanumeric)]
	}
	return string(b)
}

// serviceAccountKeyPrefix begins every simulated key. A hyphen within the first
// eight characters after "sk-" keeps simulated keys out of secret scanners.
const serviceAccountKeyPrefix = "sk-svcacct-SIMULATED-"

const userKeyPrefix = "sk-proj-SIMULATED-"

// newKeyValue is a key's value after its prefix. Those of OpenAI end in an A, so that
// the end of a redacted value tells less than it seems to.
func newKeyValue() string { return randomText(39) + "A" }

// redact shows a key as recorded redacted_values do: its first eight characters, its
// last four, and asterisks up to the length of OpenAI's keys, which are longer than the
// simulator's.
func redact(value string) string {
	const head, tail, length = 8, 4, 167
	return value[:head] + strings.Repeat("*", length-head-tail) + value[len(value)-tail:]
}

// redactCredential shows a refused credential as OpenAI's 401 does. Unlike
// redact it must cope with anything that a client may send.
func redactCredential(value string) string {
	if len(value) < 16 {
		return strings.Repeat("*", len(value))
	}
	return value[:7] + "****" + value[len(value)-4:]
}

// hash identifies a key's value, so that no value is kept in memory.
func hash(value string) [sha256.Size]byte {
	return sha256.Sum256([]byte(value))
}

// Fingerprint identifies a credential in the call log without revealing it. The
// fingerprint of no credential is empty.
func Fingerprint(credential string) string {
	if credential == "" {
		return ""
	}
	h := hash(credential)
	return hex.EncodeToString(h[:6])
}
