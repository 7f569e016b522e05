// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// discoveryCaching is how long the keys of an issuer are not fetched again, not even for a
// token with a key that is not among them.
const discoveryCaching = 600 * time.Second

const wellKnownConfiguration = "/.well-known/openid-configuration"

// WithDiscoveryClient sets the client that fetches the keys of identity providers with
// discovery. The default is a client with a timeout.
func WithDiscoveryClient(c *http.Client) Option {
	return func(s *settings) { s.discovery = c }
}

// A discovery fetches the keys of issuers.
type discovery struct {
	client *http.Client
	// fetched are the keys by the issuer and the URL that it was asked at.
	fetched map[[2]string]fetchedKeys
}

type fetchedKeys struct {
	at   time.Time
	keys keySet
}

func newDiscovery(c *http.Client) discovery {
	if c == nil {
		c = &http.Client{Timeout: 10 * time.Second}
	}
	return discovery{client: c, fetched: make(map[[2]string]fetchedKeys)}
}

// keysOf returns the keys that the tokens of an identity provider are signed with. It
// releases mu while it fetches them, so that a slow issuer delays no other call.
func (s *Server) keysOf(ctx context.Context, p identityProvider, now time.Time) (keySet, error) {
	var v verification
	if err := json.Unmarshal(p.Verification, &v); err != nil {
		return keySet{}, fmt.Errorf("the verification cannot be read: %w", err)
	}
	var keys keySet
	if v.Type == verifyByUpload {
		if err := json.Unmarshal(v.JWKS, &keys); err != nil {
			return keySet{}, fmt.Errorf("the uploaded keys cannot be read: %w", err)
		}
		return keys, nil
	}

	from := configurationURL(cmp.Or(v.DiscoveryURL.value, p.Issuer))
	at := [2]string{p.Issuer, from}
	if f, there := s.discovery.fetched[at]; there && now.Before(f.at.Add(discoveryCaching)) {
		return f.keys, nil
	}
	keys, err := s.fetchUnlocked(ctx, p.Issuer, from)
	if err != nil {
		return keySet{}, fmt.Errorf("cannot discover the keys of the issuer %q: %w", p.Issuer, err)
	}
	s.discovery.fetched[at] = fetchedKeys{at: now, keys: keys}
	return keys, nil
}

// configurationURL is where the configuration is. Whether OpenAI's discovery_url is that of
// the configuration or of an issuer is undocumented: both work.
func configurationURL(at string) string {
	at = strings.TrimSuffix(at, "/")
	if strings.HasSuffix(at, wellKnownConfiguration) {
		return at
	}
	return at + wellKnownConfiguration
}

func (s *Server) fetchUnlocked(ctx context.Context, issuer, from string) (keySet, error) {
	client := s.discovery.client
	s.mu.Unlock()
	defer s.mu.Lock()
	var configuration struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	if err := fetchJSON(ctx, client, from, &configuration); err != nil {
		return keySet{}, err
	}
	if strings.TrimSuffix(configuration.Issuer, "/") != strings.TrimSuffix(issuer, "/") {
		return keySet{}, fmt.Errorf("%s is the configuration of the issuer %q", from, configuration.Issuer)
	}
	if configuration.JWKSURI == "" {
		return keySet{}, errors.New("its configuration has no jwks_uri")
	}
	var keys keySet
	err := fetchJSON(ctx, client, configuration.JWKSURI, &keys)
	return keys, err
}

func fetchJSON(ctx context.Context, client *http.Client, from string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, from, http.NoBody)
	if err != nil {
		return fmt.Errorf("%q is no URL: %w", from, err)
	}
	reply, err := client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = reply.Body.Close() }()
	if reply.StatusCode != http.StatusOK {
		return fmt.Errorf("%s replied with the status %d", from, reply.StatusCode)
	}
	if err := json.NewDecoder(io.LimitReader(reply.Body, maxBody)).Decode(into); err != nil {
		return fmt.Errorf("%s did not reply with JSON: %w", from, err)
	}
	return nil
}
