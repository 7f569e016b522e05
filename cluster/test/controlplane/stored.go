// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// storedPage is how many objects are read from etcd at a time.
const storedPage = 100

// Stored calls visit with everything in etcd, as the API server stores it: a key such as
// /registry/secrets/default/name, and JSON or protocol buffers.
func (c *ControlPlane) Stored(ctx context.Context, visit func(key, value []byte)) error {
	from := []byte{0}
	for {
		page, err := c.storedFrom(ctx, from)
		if err != nil {
			return fmt.Errorf("cannot read what etcd holds: %w", err)
		}
		for _, kv := range page.KVs {
			visit(kv.Key, kv.Value)
			from = append(kv.Key, 0) //nolint:gocritic // the key that follows this one
		}
		if !page.More {
			return nil
		}
	}
}

// A page of etcd's answers. Numbers are encoded as strings, and not read.
type page struct {
	KVs []struct {
		Key   []byte `json:"key"`
		Value []byte `json:"value"`
	} `json:"kvs"`
	More bool `json:"more"`
}

// storedFrom reads a page through etcd's JSON gateway, which needs no client
// library.
func (c *ControlPlane) storedFrom(ctx context.Context, key []byte) (*page, error) {
	body, err := json.Marshal(map[string]any{"key": key, "range_end": []byte{0}, "limit": storedPage})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.env.ControlPlane.Etcd.URL.JoinPath("v3", "kv", "range").String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close() //nolint:errcheck // only read
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("etcd answers %s", res.Status)
	}
	p := &page{}
	return p, json.NewDecoder(res.Body).Decode(p)
}
