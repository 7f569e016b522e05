// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// faults are what OpenAI and gateways do to replies for a while. Zero: nothing.
type faults struct {
	// brokenList replaces lists of keys; empty: it does not.
	brokenList string
	// shortened drops every other key of a list.
	shortened bool
	// hides keys from lists until they are this old.
	lag time.Duration
	// forgets answers that no key that is asked for by ID exists.
	forgets bool
	// lostReply loses the reply to the creation of a key.
	lostReply bool
	// masked hides the value of a new key.
	masked bool
	// nullTimes leaves out when keys were created.
	nullTimes bool
	// nullUse leaves out when keys were used.
	nullUse bool
}

// kindsOfFaults other than none.
var kindsOfFaults = map[string]faults{
	"empty lists with more":   {brokenList: `{"object":"list","data":[],"has_more":true}`},
	"lists without data":      {brokenList: `{}`},
	"lists of null":           {brokenList: `{"object":"list","data":null,"has_more":false}`},
	"empty lists":             {brokenList: `{"object":"list","data":[],"has_more":false}`},
	"shortened lists":         {shortened: true},
	"lists that lag":          {lag: 90 * time.Second},
	"lists that lag an hour":  {lag: time.Hour},
	"forgetful":               {forgets: true},
	"forgetful and shortened": {forgets: true, shortened: true},
	"lost replies":            {lostReply: true},
	"masked values":           {masked: true},
	"null times":              {nullTimes: true},
	"null use":                {nullUse: true},
	"lost replies, lag":       {lostReply: true, lag: 90 * time.Second},
}

// A faultyGateway is a gateway in front of OpenAI.
type faultyGateway struct {
	*httptest.Server
	openai http.Handler
	rng    *rand.Rand
	now    func() time.Time

	faults

	// shift of all times in replies, which their Date does not have.
	shift time.Duration
	// clip is the part of the life asked for that keys are granted.
	clip float64
}

func newFaultyGateway(t *testing.T, root string, rng *rand.Rand, now func() time.Time) *faultyGateway {
	t.Helper()
	u, err := url.Parse(root)
	if err != nil {
		t.Fatal(err)
	}
	s := &faultyGateway{openai: httputil.NewSingleHostReverseProxy(u), rng: rng, now: now, clip: 1}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// ServeHTTP implements [http.Handler].
func (s *faultyGateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	keys := strings.Contains(r.URL.Path, "/api_keys")
	list := strings.HasSuffix(r.URL.Path, "/api_keys") && r.Method == http.MethodGet
	made := strings.HasSuffix(r.URL.Path, "/api_keys") && r.Method == http.MethodPost
	if keys && r.Method == http.MethodPost && s.clip < 1 {
		s.clipLife(r)
	}
	if keys && !list && r.Method == http.MethodGet && s.forgets {
		answer(w, http.StatusNotFound, []byte(`{"error":{"message":"No such API key.","type":"invalid_request_error","param":null,"code":null}}`))
		return
	}
	got := httptest.NewRecorder()
	s.openai.ServeHTTP(got, r)
	for k, v := range got.Header() {
		if k != "Content-Length" {
			w.Header()[k] = v
		}
	}
	body := got.Body.Bytes()
	switch {
	case !keys || got.Code != http.StatusOK:
	case made && s.lostReply:
		answer(w, http.StatusBadGateway, []byte("<html>bad gateway</html>"))
		return
	case list && s.brokenList != "":
		body = []byte(s.brokenList)
	default:
		body = s.rewrite(body)
	}
	answer(w, got.Code, body)
}

func answer(w http.ResponseWriter, status int, body []byte) {
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// clipLife grants less than is asked for.
func (s *faultyGateway) clipLife(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var in map[string]any
	if json.Unmarshal(body, &in) == nil {
		if lookups, ok := in["expires_in_seconds"].(float64); ok {
			in["expires_in_seconds"] = max(int(lookups*s.clip), 1)
			body, _ = json.Marshal(in)
		}
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

func (s *faultyGateway) rewrite(body []byte) []byte {
	var reply map[string]any
	if json.Unmarshal(body, &reply) != nil {
		return body
	}
	data, list := reply["data"].([]any)
	if !list {
		s.rewriteKey(reply)
	}
	n := 0
	data = slices.DeleteFunc(data, func(k any) bool {
		key, _ := k.(map[string]any)
		created, _ := key["created_at"].(float64)
		n++
		return (s.shortened && n%2 == 0) || s.now().Sub(time.Unix(int64(created), 0)) < s.lag
	})
	for _, k := range data {
		if key, ok := k.(map[string]any); ok {
			s.rewriteKey(key)
		}
	}
	if list {
		reply["data"] = data
	}
	out, _ := json.Marshal(reply)
	return out
}

func (s *faultyGateway) rewriteKey(key map[string]any) {
	for _, field := range []string{"created_at", "expires_at"} {
		if at, ok := key[field].(float64); ok {
			key[field] = at + s.shift.Seconds()
		}
	}
	if _, ok := key["created_at"]; ok && s.nullTimes {
		key["created_at"] = nil
	}
	if _, ok := key["last_used_at"]; ok && s.nullUse {
		key["last_used_at"] = nil
	}
	if _, ok := key["value"]; ok && s.masked {
		key["value"] = "sk-****"
	}
}
