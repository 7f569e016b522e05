// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/crossplane/upjet/v2/pkg/metrics"
	"github.com/openai/openai-go/v3/option"
)

// largestBody bounds what is read of one reply. A page of 1,000 entries has
// some 300 kB.
const largestBody = 16 << 20

// largestRefusal is more than OpenAI needs to say no.
const largestRefusal = 64 << 10

// govern is a middleware that sends a call only if its turn under the budget has
// come, and learns from what comes of it.
func (b *budget) govern(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	ctx, r := req.Context(), routeOf(req)
	g, held := b.admit(ctx, r)
	if held != nil {
		b.count(r, outcomeHeldBack)
		note(ctx, held)
		return nil, held
	}
	res, err := next(req)
	if err == nil {
		g.answered()
		b.count(r, outcomeOK)
		return res, nil
	}
	b.count(r, outcomes[ClassOf(err)])
	var e *Error
	if !errors.As(err, &e) {
		g.answered()
		return res, err
	}
	switch {
	case e.Class == ClassThrottled:
		e.RetryAt = g.refused(e.RetryAt)
	case e.Class == ClassQuota, e.Foreign:
		g.passed()
	default:
		g.answered()
	}
	note(ctx, e)
	return res, err
}

// admit a call, with its reservation if it has one.
func (b *budget) admit(ctx context.Context, r Route) (*grant, *Error) {
	p := paceOf(ctx)
	g := p.use(b, r)
	if g == nil {
		var held *Error
		if g, held = b.claim(r, p.name()); held != nil {
			return nil, held
		}
	}
	if held := g.send(); held != nil {
		return nil, held
	}
	return g, nil
}

// explain is a middleware that reads the whole reply and turns every failure,
// of the network or of OpenAI, into an *Error. Callers of the SDK then need no
// error handling of their own beyond ClassOf.
func explain(s settings) option.Middleware {
	return func(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
		// The SDK's own timeout would replace the error below by a bare one.
		ctx, cancel := context.WithTimeout(req.Context(), cmp.Or(s.timeout, RequestTimeout))
		defer cancel()
		res, err := next(req.WithContext(ctx))
		if err != nil {
			return nil, transportError(s.baseURL, err)
		}
		body, err := io.ReadAll(io.LimitReader(res.Body, largestBody))
		_ = res.Body.Close()
		if err != nil {
			return nil, transportError(s.baseURL, err)
		}
		if res.StatusCode >= http.StatusMultipleChoices {
			return nil, replyError(res.StatusCode, res.Header, body[:min(len(body), largestRefusal)], s)
		}
		if !isObject(body) {
			return nil, &Error{Class: ClassTransient, Status: res.StatusCode, Credential: s.credential, Foreign: true, hint: doubtBaseURL(s.baseURL)}
		}
		s.clock.read(res.Header, time.Now())
		// The SDK reads nothing else, and a gateway may drop the header.
		res.Header.Set("Content-Type", "application/json")
		res.Body = io.NopCloser(bytes.NewReader(body))
		return res, nil
	}
}

// isObject reports whether a body is a JSON object, as all of OpenAI's replies are. The
// SDK makes nothing of null, and callers would take that for a reply.
func isObject(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) && json.Valid(body)
}

// notFollowed has every redirect answered as it is: one of a POST would become a GET,
// and its reply would be about something else.
var notFollowed = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// transportError drops what differs from try to try, such as ports, and what may be
// secret of the URL.
func transportError(baseURL string, err error) *Error {
	return &Error{
		Class:   ClassTransient,
		Message: fmt.Sprintf("no answer from OpenAI at %q: %s", shownURL(baseURL), transportReason(err)),
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

// streams of HTTP/2 are numbered.
var streams = regexp.MustCompile(`stream ID \d+; |LastStreamID=\d+, `)

func transportReason(err error) string {
	var (
		errno syscall.Errno
		dns   *net.DNSError
		cert  x509.CertificateInvalidError
		nerr  net.Error
	)
	switch {
	case errors.Is(err, context.Canceled):
		return "the call was cancelled"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &nerr) && nerr.Timeout():
		return "the call timed out"
	case errors.As(err, &dns):
		return fmt.Sprintf("the name %q cannot be looked up", dns.Name)
	case errors.As(err, &cert) && cert.Reason == x509.Expired:
		// Its own text tells the time.
		return "its certificate has expired or is not valid yet"
	case errors.As(err, &errno):
		return errno.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed"
	}
	// What remains, such as TLS failures, is stable once its *url.Error is taken off.
	for u := errors.Unwrap(err); u != nil; u = errors.Unwrap(u) {
		err = u
	}
	if strings.HasPrefix(err.Error(), "invalid proxy address") {
		// Its own text holds the proxy's password.
		return "the proxy that HTTPS_PROXY names in the provider's pod is not a URL"
	}
	return stable(streams.ReplaceAllString(err.Error(), ""))
}

// measure is a middleware that counts and times calls in upjet's metric
// families, so that dashboards made for upjet providers serve this one too.
func measure(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	r := routeOf(req)
	metrics.ExternalAPICalls.WithLabelValues(r.Service, r.Operation).Inc()
	start := time.Now()
	defer func() {
		metrics.ExternalAPITime.WithLabelValues(r.Operation).Observe(time.Since(start).Seconds())
	}()
	return next(req)
}
