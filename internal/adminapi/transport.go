// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/crossplane/upjet/v2/pkg/metrics"
	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/baseurl"
)

// Bounds of one reply. A page of 100 items has some 40 kB and 3,000 values, and decoding a value can take
// 1 kB.
const (
	maxPageBytes = 4 << 20
	maxValues    = 50_000

	// maxReplyBytes bounds all other replies: single resources and errors.
	maxReplyBytes = 64 << 10
)

// checkReply is a middleware that reads the whole reply, and turns every failure of the network, a
// gateway or OpenAI into an *apierror.Error.
func checkReply(s Settings) option.Middleware {
	return func(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
		// Not the SDK's timeout, whose error would lack the text below.
		ctx, cancel := context.WithTimeout(req.Context(), cmp.Or(s.timeout, RequestTimeout))
		defer cancel()
		res, err := next(req.WithContext(ctx))
		if err != nil {
			return nil, transportError(s, err)
		}
		body, whole, err := readBody(res, maxBytesOf(req, res))
		switch {
		case err != nil:
			return nil, transportError(s, err)
		case !isSuccess(res.StatusCode):
			return nil, apierror.FromReply(res.StatusCode, res.Header, body, s.sender())
		case containsKey(body, s.AdminKey):
			return nil, &apierror.Error{Class: apierror.ClassTransient, Status: res.StatusCode, KeyOrigin: s.KeyOrigin, NotFromOpenAI: true, Hint: "the reply holds the admin key, which is shown nowhere: have the gateway or proxy leave it out"}
		case !whole || !isObject(body):
			return nil, &apierror.Error{Class: apierror.ClassTransient, Status: res.StatusCode, KeyOrigin: s.KeyOrigin, NotFromOpenAI: true, Hint: baseurl.LikelyMistake(s.BaseURL)}
		}
		s.clock.read(res.Header, time.Now())
		// The SDK requires this header, which a gateway may drop.
		res.Header.Set("Content-Type", "application/json")
		res.Body = io.NopCloser(bytes.NewReader(body))
		return res, nil
	}
}

func isSuccess(status int) bool {
	return status >= http.StatusOK && status < http.StatusMultipleChoices
}

// maxBytesOf is the bound of a reply's body.
func maxBytesOf(req *http.Request, res *http.Response) int64 {
	switch {
	case res.StatusCode < http.StatusOK:
		// After a switch of protocols the body has no end.
		return 0
	case isSuccess(res.StatusCode) && ratelimit.RouteOf(req).Operation == "list":
		return maxPageBytes
	}
	return maxReplyBytes
}

// readBody reads at most maxBytes of a body, and closes it. It reports whether that is the whole body.
func readBody(res *http.Response, maxBytes int64) (body []byte, whole bool, err error) {
	defer func() { _ = res.Body.Close() }()
	if maxBytes == 0 {
		return nil, false, nil
	}
	body, err = io.ReadAll(io.LimitReader(res.Body, maxBytes+1))
	if int64(len(body)) > maxBytes {
		return body[:maxBytes], false, nil
	}
	return body, true, err
}

// isObject reports whether a body is a JSON object, as all of OpenAI's replies are. The SDK would decode
// null into an empty reply.
func isObject(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) && hasFewValues(body) && json.Valid(body)
}

// hasFewValues reports whether decoding a body takes little memory: each element of a list takes that of
// a whole item, even null. It ignores what is inside strings, since names may contain many commas.
func hasFewValues(body []byte) bool {
	values, inText := 0, false
	for i := 0; i < len(body); i++ {
		switch b := body[i]; {
		case b == '"':
			inText = !inText
		case inText && b == '\\':
			i++
		case !inText && (b == ',' || b == '[' || b == '{'):
			values++
		}
	}
	return values <= maxValues
}

// minEchoedKey is the length of the shortest admin key that replies are searched for. For a gateway
// that inserts the key itself, a short word may be configured, which names can contain.
const minEchoedKey = 20

// containsKey reports whether a body contains the admin key, as when a gateway echoes it: it could end up
// in a status. The body is JSON, which may escape the key. OpenAI's replies never contain it.
func containsKey(body []byte, adminKey string) bool {
	switch {
	case len(adminKey) < minEchoedKey:
		return false
	case bytes.Contains(body, []byte(adminKey)):
		return true
	case !bytes.Contains(body, []byte(`\`)):
		return false
	}
	d := json.NewDecoder(bytes.NewReader(body))
	// Numbers of any size are valid JSON, and must not end the search.
	d.UseNumber()
	for {
		token, err := d.Token()
		if err != nil {
			return false
		}
		if text, ok := token.(string); ok && strings.Contains(text, adminKey) {
			return true
		}
	}
}

// transportError is the error for a call without a reply. Its text has nothing that differs from try to
// try, such as ports, and nothing secret of the URL or the peer.
func transportError(s Settings, err error) *apierror.Error {
	return &apierror.Error{
		Class:   apierror.ClassTransient,
		Message: apierror.WithoutKey(s.AdminKey, fmt.Sprintf("no answer from OpenAI at %q: %s", baseurl.WithoutSecrets(s.BaseURL), transportReason(err))),
		Unsent:  neverConnected(err),
	}
}

// neverConnected reports whether no connection was made that could have carried the request: the name is
// unknown, nobody listens, or the certificate is not trusted.
func neverConnected(err error) bool {
	var (
		op   *net.OpError
		dns  *net.DNSError
		cert *tls.CertificateVerificationError
	)
	if errors.As(err, &dns) || errors.As(err, &cert) {
		return true
	}
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
}

// measure is a middleware that counts and times calls in the metrics of upjet, so that dashboards for
// upjet providers work with this one.
func measure(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	r := ratelimit.RouteOf(req)
	metrics.ExternalAPICalls.WithLabelValues(r.Service, r.Operation).Inc()
	start := time.Now()
	defer func() {
		metrics.ExternalAPITime.WithLabelValues(r.Operation).Observe(time.Since(start).Seconds())
	}()
	return next(req)
}
