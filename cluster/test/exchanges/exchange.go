// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package exchanges records calls to the Administration API with their replies, which "make
// spec-check" compares with OpenAI's own description of the API. No secret is recorded.
package exchanges

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/crossplane-contrib/provider-openai/cluster/test/canary"
)

// An Exchange is one call and its reply. A recording has one JSON object per line.
type Exchange struct {
	Method string `json:"method"`
	// Path and Query are those of the URL that was called.
	Path  string `json:"path"`
	Query string `json:"query,omitempty"`
	// Request is the body of the call; nil if there was none.
	Request json.RawMessage `json:"request,omitempty"`
	Status  int             `json:"status"`
	// ContentType is that of the reply.
	ContentType string `json:"content_type,omitempty"`
	// Response is the body of the reply, as a string if it is no JSON; nil if there was
	// none.
	Response json.RawMessage `json:"response,omitempty"`
}

// newExchange describes a call. No header is recorded except the reply's type, because
// Authorization is a secret.
func newExchange(r *http.Request, request []byte, status int, header http.Header, response []byte) (Exchange, error) {
	e := Exchange{
		Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
		Status: status, ContentType: header.Get("Content-Type"),
	}
	var err error
	if e.Request, err = withoutSecrets(request); err != nil {
		return e, err
	}
	e.Response, err = withoutSecrets(response)
	return e, err
}

const (
	// redacted replaces a secret. It is a string, as the value of a key is.
	redacted = "redacted"

	// memberOfKeys is the only member of any reply that contains the value of a key.
	memberOfKeys = "value"
)

// withoutSecrets returns a body as JSON, without the values of keys.
func withoutSecrets(body []byte) (json.RawMessage, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	// A float64 would not represent large numbers exactly.
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil || !atEnd(d) {
		v = string(body)
	}
	return json.Marshal(redact(v))
}

func atEnd(d *json.Decoder) bool {
	_, err := d.Token()
	return errors.Is(err, io.EOF)
}

func redact(v any) any {
	switch v := v.(type) {
	case string:
		// Also elsewhere, such as in an error that quotes a key.
		return canary.KeyLike.ReplaceAllLiteralString(v, redacted)
	case []any:
		for i := range v {
			v[i] = redact(v[i])
		}
	case map[string]any:
		for name, member := range v {
			if _, text := member.(string); text && name == memberOfKeys {
				v[name] = redacted
				continue
			}
			v[name] = redact(member)
		}
	}
	return v
}
