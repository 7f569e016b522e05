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

// Bounds of one reply. A page of 100 entries has some 40 kB and 3,000 values, and to decode
// a value can take 1 kB.
const (
	largestPage = 4 << 20
	mostValues  = 50_000

	// largestReply is that of everything else: a thing, or a refusal.
	largestReply = 64 << 10
)

// explain is a middleware that reads the whole reply and turns every failure,
// of the network or of OpenAI, into an *Error. Callers of the SDK then need no
// error handling of their own beyond ClassOf.
func explain(s Settings) option.Middleware {
	return func(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
		// The SDK's own timeout would replace the error below by a bare one.
		ctx, cancel := context.WithTimeout(req.Context(), cmp.Or(s.timeout, RequestTimeout))
		defer cancel()
		res, err := next(req.WithContext(ctx))
		if err != nil {
			return nil, transportError(s, err)
		}
		body, whole, err := readBody(res, largestOf(req, res))
		switch {
		case err != nil:
			return nil, transportError(s, err)
		case !isSuccess(res.StatusCode):
			return nil, apierror.FromReply(res.StatusCode, res.Header, body, s.sender())
		case holdsKey(body, s.AdminKey):
			return nil, &apierror.Error{Class: apierror.ClassTransient, Status: res.StatusCode, Credential: s.Credential, Foreign: true, Hint: "the reply holds the admin key, which is shown nowhere: have the gateway or proxy leave it out"}
		case !whole || !isObject(body):
			return nil, &apierror.Error{Class: apierror.ClassTransient, Status: res.StatusCode, Credential: s.Credential, Foreign: true, Hint: baseurl.Doubt(s.BaseURL)}
		}
		s.clock.read(res.Header, time.Now())
		// The SDK reads nothing else, and a gateway may drop the header.
		res.Header.Set("Content-Type", "application/json")
		res.Body = io.NopCloser(bytes.NewReader(body))
		return res, nil
	}
}

func isSuccess(status int) bool {
	return status >= http.StatusOK && status < http.StatusMultipleChoices
}

func largestOf(req *http.Request, res *http.Response) int64 {
	switch {
	case res.StatusCode < http.StatusOK:
		// After a switch of protocols there is no end.
		return 0
	case isSuccess(res.StatusCode) && ratelimit.RouteOf(req).Operation == "list":
		return largestPage
	}
	return largestReply
}

// readBody reads no more of a body than a bound, and closes it. It reports whether that is
// the whole body.
func readBody(res *http.Response, largest int64) (body []byte, whole bool, err error) {
	defer func() { _ = res.Body.Close() }()
	if largest == 0 {
		return nil, false, nil
	}
	body, err = io.ReadAll(io.LimitReader(res.Body, largest+1))
	if int64(len(body)) > largest {
		return body[:largest], false, nil
	}
	return body, true, err
}

// isObject reports whether a body is a JSON object, as all of OpenAI's replies are. The
// SDK makes nothing of null, and callers would take that for a reply.
func isObject(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) && isSmall(body) && json.Valid(body)
}

// isSmall reports whether to decode a body takes memory in proportion to its size: each
// element of a list takes a thing's, even if it is null. What is inside of texts does not
// count, since anybody may fill the names in a list with commas.
func isSmall(body []byte) bool {
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
	return values <= mostValues
}

// leastEcho is the length of the shortest admin key for whose sake a reply is refused. A
// gateway that puts in the key itself may be given a word in its place, which names can hold.
const leastEcho = 20

// holdsKey reports whether a body has the admin key in it, as OpenAI's have not. What
// echoes it would put it where names are shown. The body is JSON, which may escape the key.
func holdsKey(body []byte, adminKey string) bool {
	switch {
	case len(adminKey) < leastEcho:
		return false
	case bytes.Contains(body, []byte(adminKey)):
		return true
	case !bytes.Contains(body, []byte(`\`)):
		return false
	}
	d := json.NewDecoder(bytes.NewReader(body))
	// Numbers of any size are valid JSON, and no reason to end here.
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

// transportError drops what differs from try to try, such as ports, and what may be
// secret, of the URL or because what answers echoes it.
func transportError(s Settings, err error) *apierror.Error {
	return &apierror.Error{
		Class:   apierror.ClassTransient,
		Message: apierror.WithoutKey(s.AdminKey, fmt.Sprintf("no answer from OpenAI at %q: %s", baseurl.WithoutSecrets(s.BaseURL), transportReason(err))),
		Unsent:  unconnected(err),
	}
}

// unconnected tells whether no connection came about that a request could have been
// sent on: the name is unknown, nobody listens, or the certificate is not trusted.
func unconnected(err error) bool {
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

// measure is a middleware that counts and times calls in upjet's metric
// families, so that dashboards made for upjet providers serve this one too.
func measure(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	r := ratelimit.RouteOf(req)
	metrics.ExternalAPICalls.WithLabelValues(r.Service, r.Operation).Inc()
	start := time.Now()
	defer func() {
		metrics.ExternalAPITime.WithLabelValues(r.Operation).Observe(time.Since(start).Seconds())
	}()
	return next(req)
}
