// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/openai/openai-go/v3/auth"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

const (
	families  = "workload_identity_providers"
	ruleNames = "workload_identity_providers/federation_rules"

	issuer  = "https://issuer.example.org"
	subject = "system:serviceaccount:shop:checkout"
)

// The keys of the issuer. They are generated once, because RSA keys take long.
var (
	rsaKey   = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })
	ecKey    = sync.OnceValues(func() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) })
	otherKey = sync.OnceValues(func() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) })
)

// A signer signs tokens as an issuer does.
type signer struct {
	alg jose.SignatureAlgorithm
	key any
	kid string
}

func made[K any](tb testing.TB, key func() (K, error)) K {
	tb.Helper()
	k, err := key()
	if err != nil {
		tb.Fatal(err)
	}
	return k
}

func rsaSigner(tb testing.TB) signer { tb.Helper(); return signer{jose.RS256, made(tb, rsaKey), "rsa"} }
func ecSigner(tb testing.TB) signer  { tb.Helper(); return signer{jose.ES256, made(tb, ecKey), "ec"} }

// token signs claims.
func (s signer) token(tb testing.TB, claims body) string {
	tb.Helper()
	options := &jose.SignerOptions{}
	if s.kid != "" {
		options.WithHeader("kid", s.kid)
	}
	signs, err := jose.NewSigner(jose.SigningKey{Algorithm: s.alg, Key: s.key}, options)
	if err != nil {
		tb.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		tb.Fatal(err)
	}
	signed, err := signs.Sign(payload)
	if err != nil {
		tb.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// claimsWith are those of a pod's token for half an hour, with some changed, and without
// those that are nil.
func claimsWith(changed body) body {
	claims := body{
		"iss": issuer, "aud": []string{"openai"}, "sub": subject,
		"iat": start.Unix(), "nbf": start.Unix(), "exp": start.Add(30 * time.Minute).Unix(),
		"kubernetes.io": body{"namespace": "shop", "serviceaccount": body{"name": "checkout"}},
	}
	maps.Copy(claims, changed)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	return claims
}

// publicKeys are the public keys of signers as an issuer publishes them.
func publicKeys(tb testing.TB, signers ...signer) body {
	tb.Helper()
	keys := []any{}
	for _, s := range signers {
		key := jose.JSONWebKey{Key: s.key, KeyID: s.kid, Algorithm: string(s.alg), Use: "sig"}
		b, err := json.Marshal(key.Public())
		if err != nil {
			tb.Fatal(err)
		}
		keys = append(keys, decoded(tb, b))
	}
	return body{"keys": keys}
}

// A federation is a service account that workloads may act as.
type federation struct {
	fixture
	project, account, provider, rule string
}

func newFederation(tb testing.TB, opts ...simulator.Option) federation {
	tb.Helper()
	f := federation{fixture: newFixture(tb, opts...)}
	f.project = f.fixture.project(tb)
	f.account = f.fixture.account(tb, f.project)
	f.provider = f.made(tb, families, nil, body{
		"name": "cluster", "issuer": issuer, "audience": "openai", "type": "oidc",
		"verification": body{"type": "uploaded_jwks", "jwks": publicKeys(tb, rsaSigner(tb), ecSigner(tb))},
	})
	f.rule = f.made(tb, ruleNames, []string{f.provider}, body{
		"project_id": f.project, "service_account_id": f.account, "attribute_matchers": body{"sub": subject},
	})
	return f
}

// changeProvider updates the identity provider.
func (f federation) changeProvider(tb testing.TB, to body) {
	tb.Helper()
	f.must(tb, families, update, []string{f.provider}, to)
}

// changeRule updates the rule.
func (f federation) changeRule(tb testing.TB, to body) {
	tb.Helper()
	f.must(tb, ruleNames, update, []string{f.provider, f.rule}, to)
}

// client is an HTTP client that is led to the simulator from OpenAI's hosts, as through a
// proxy.
func (f federation) client() *http.Client { return &http.Client{Transport: ledTo(f.Root())} }

type ledTo string

func (l ledTo) RoundTrip(r *http.Request) (*http.Response, error) {
	at, err := url.Parse(string(l))
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = at.Scheme, at.Host
	return http.DefaultTransport.RoundTrip(r)
}

// A workloadToken is the source of the SDK's subject tokens.
type workloadToken string

func (workloadToken) TokenType() auth.SubjectTokenType { return auth.SubjectTokenTypeJWT }

func (w workloadToken) GetToken(context.Context, auth.HTTPDoer) (string, error) {
	return string(w), nil
}

func (f federation) workload(token string) auth.WorkloadIdentity {
	return auth.WorkloadIdentity{IdentityProviderID: f.provider, ServiceAccountID: f.account, Provider: workloadToken(token)}
}

// exchange a subject token with the SDK.
func (f federation) exchange(tb testing.TB, token string) (string, error) {
	tb.Helper()
	w, err := auth.NewWorkloadIdentityAuth(f.workload(token))
	if err != nil {
		tb.Fatal(err)
	}
	return w.GetToken(tb.Context(), f.client())
}

// accessToken exchanges a subject token that is accepted.
func (f federation) accessToken(tb testing.TB, claims body) string {
	tb.Helper()
	value, err := f.exchange(tb, rsaSigner(tb).token(tb, claims))
	if err != nil {
		tb.Fatalf("exchange: %v: %s", err, f.lastExchange(tb).Reason)
	}
	return value
}

func (f federation) lastExchange(tb testing.TB) simulator.Exchange {
	tb.Helper()
	all := f.Exchanges()
	if len(all) == 0 {
		tb.Fatal("there was no exchange")
	}
	return all[len(all)-1]
}

// post an exchange, and return its status and reply.
func (f federation) post(tb testing.TB, in body) (int, body) {
	tb.Helper()
	b, err := json.Marshal(in)
	if err != nil {
		tb.Fatal(err)
	}
	r, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, f.Root()+"/oauth/token", bytes.NewReader(b))
	if err != nil {
		tb.Fatal(err)
	}
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	if b, err = io.ReadAll(reply.Body); err != nil {
		tb.Fatal(err)
	}
	return reply.StatusCode, decoded(tb, b)
}
