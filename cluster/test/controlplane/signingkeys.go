// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// SigningKeys rotates the key with which the API server signs tokens of ServiceAccounts, in the
// three steps in which verifiers can follow: Publish, Sign and Drop. SignAtOnce instead of the first
// two leaves verifiers behind. Each restarts the API server, which takes seconds; its port,
// certificates and clients stay.
//
// The key that Start made verifies tokens, and is published, all the time: tokens that programs got
// before RotatingKeys never have to be renewed. Later ones do, before their key is dropped.
type SigningKeys struct {
	plane   *ControlPlane
	current signingKey
	// next is a key that was published; nil between rotations.
	next *signingKey
	made int
}

// A signingKey is the file of a private key, and the ID that tokens and published keys name.
type signingKey struct{ file, id string }

// RotatingKeys restarts the API server with a signing key that can be rotated.
func (c *ControlPlane) RotatingKeys() (*SigningKeys, error) {
	k := &SigningKeys{plane: c}
	var err error
	if k.current, err = k.generate(); err != nil {
		return nil, err
	}
	if err := k.use(k.current, k.current); err != nil {
		return nil, err
	}
	return k, nil
}

// Current is the ID of the key that signs between rotations.
func (k *SigningKeys) Current() string { return k.current.id }

// Publish a new key, and return its ID. The current one still signs.
func (k *SigningKeys) Publish() (string, error) {
	next, err := k.generate()
	if err != nil {
		return "", err
	}
	k.next = &next
	return next.id, k.use(k.current, k.current, next)
}

// Sign with the key that was published. The previous one still verifies.
func (k *SigningKeys) Sign() error {
	if k.next == nil {
		return errors.New("there is no new key to sign with: publish one first")
	}
	return k.use(*k.next, k.current, *k.next)
}

// SignAtOnce publishes a new key, signs with it from then on, and returns its ID. The previous one
// still verifies.
func (k *SigningKeys) SignAtOnce() (string, error) {
	next, err := k.generate()
	if err != nil {
		return "", err
	}
	k.next = &next
	return next.id, k.Sign()
}

// Drop the previous key, so that tokens that it signed are refused.
func (k *SigningKeys) Drop() error {
	if k.next == nil {
		return errors.New("there is no new key that could stay: publish one first")
	}
	k.current, k.next = *k.next, nil
	return k.use(k.current, k.current)
}

// use restarts the API server with a key that signs, and keys that verify beside the first one.
func (k *SigningKeys) use(signs signingKey, verify ...signingKey) error {
	server := k.plane.env.ControlPlane.GetAPIServer()
	files := []string{filepath.Join(server.CertDir, "sa-signer.crt")} // envtest's name for it
	for _, key := range verify {
		files = append(files, key.file)
	}
	server.Configure().Set("service-account-key-file", files...).Set("service-account-signing-key-file", signs.file)
	if err := k.plane.restartAPIServer(); err != nil {
		return fmt.Errorf("cannot use other signing keys, the API server's log is in %q: %w", k.plane.LogDir, err)
	}
	return nil
}

// generate a key: RSA, which signs RS256, and ECDSA, which signs ES256, in turn.
func (k *SigningKeys) generate() (signingKey, error) {
	k.made++
	generate := generateRSA
	if k.made%2 == 0 {
		generate = generateECDSA
	}
	signer, block, err := generate()
	if err != nil {
		return signingKey{}, fmt.Errorf("cannot generate a signing key: %w", err)
	}
	key := signingKey{file: filepath.Join(apiServerDir(k.plane.StateDir), fmt.Sprintf("sa-signer-%d.key", k.made))}
	if key.id, err = keyID(signer.Public()); err != nil {
		return signingKey{}, err
	}
	if err := os.WriteFile(key.file, pem.EncodeToMemory(block), 0o600); err != nil {
		return signingKey{}, fmt.Errorf("cannot write a signing key: %w", err)
	}
	return key, nil
}

func generateRSA() (crypto.Signer, *pem.Block, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, nil, err
	}
	return key, &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}, nil
}

func generateECDSA() (crypto.Signer, *pem.Block, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	return key, &pem.Block{Type: "EC PRIVATE KEY", Bytes: der}, err
}

// keyID returns the ID that the API server gives to a key.
func keyID(public crypto.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return "", fmt.Errorf("cannot compute the ID of a signing key: %w", err)
	}
	sum := sha256.Sum256(der)
	return base64.RawURLEncoding.EncodeToString(sum[:]), nil
}

// A TokenHeader is what a token says about the key that signed it.
type TokenHeader struct {
	KeyID     string `json:"kid"`
	Algorithm string `json:"alg"`
}

// HeaderOf returns the header of a token, which is not verified.
func HeaderOf(token string) (TokenHeader, error) {
	var h TokenHeader
	encoded, _, _ := strings.Cut(token, ".")
	data, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return h, fmt.Errorf("cannot decode the header of a token: %w", err)
	}
	if err := json.Unmarshal(data, &h); err != nil {
		return h, fmt.Errorf("cannot parse the header of a token: %w", err)
	}
	return h, nil
}
