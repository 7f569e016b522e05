// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"syscall"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// notHTTP is told in place of errors that quote what answered, which may be anything.
const notHTTP = "what answers there does not speak HTTP as OpenAI does: check baseURL and the gateway, proxy or firewall"

var (
	// streams of HTTP/2 are numbered.
	streams = regexp.MustCompile(`stream ID \d+; |LastStreamID=\d+, `)

	// saidByHTTP2 is as much of an error as the other side has no words in.
	saidByHTTP2 = regexp.MustCompile(`^(?:(?:stream|connection) error: [A-Z0-9_]+(?:; received from peer)?|http2: server sent GOAWAY and closed the connection; ErrCode=[A-Z0-9_]+(?:, debug="")?)`)

	// saidHere are errors that are all the provider's own words.
	saidHere = regexp.MustCompile(`^(?:tls: [A-Za-z0-9 ,'-]+$|net/http: invalid header field|unsupported protocol scheme|requestconfig: |http: no Host in request URL)`)

	// headerTooLarge are the words of Go's two clients, which have no type.
	headerTooLarge = regexp.MustCompile(`^net/http: server response headers exceeded \d+ bytes|^http2: response header list larger than advertised limit`)
)

// transportReason says why there was no reply, the same at every try, and in none of the
// words of what answered.
func transportReason(err error) string {
	var (
		errno syscall.Errno
		dns   *net.DNSError
		nerr  net.Error
	)
	switch {
	case errors.Is(err, context.Canceled):
		return "the call was cancelled"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &nerr) && nerr.Timeout():
		return "the call timed out"
	case errors.As(err, &dns):
		return fmt.Sprintf("the name %q cannot be looked up", dns.Name)
	}
	if said := certificateReason(err); said != "" {
		return said
	}
	switch {
	case errors.As(err, &errno):
		return errno.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed"
	case errors.Is(err, http.ErrSchemeMismatch):
		return http.ErrSchemeMismatch.Error()
	}
	return protocolReason(err)
}

// certificateReason says what is wrong with a certificate without the names in it; nothing
// if the error is about something else.
func certificateReason(err error) string {
	var (
		unverified *tls.CertificateVerificationError
		unknown    x509.UnknownAuthorityError
		hostname   x509.HostnameError
		invalid    x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &unknown):
		return "x509: certificate signed by unknown authority"
	case errors.As(err, &hostname):
		return "its certificate is for another host name"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		// Its own text tells the time.
		return "its certificate has expired or is not valid yet"
	case errors.As(err, &invalid), errors.As(err, &unverified):
		return "its certificate cannot be verified"
	}
	return ""
}

// protocolReason says what is known of an error of HTTP, of TLS or on the way to them.
func protocolReason(err error) string {
	var op *net.OpError
	errors.As(err, &op)
	// What is wrapped around the cause names the URL and ports.
	for u := errors.Unwrap(err); u != nil; u = errors.Unwrap(u) {
		err = u
	}
	said := streams.ReplaceAllString(err.Error(), "")
	switch {
	case strings.HasPrefix(said, "invalid proxy address"):
		// Its own text holds the proxy's password.
		return "the proxy that HTTPS_PROXY names in the provider's pod is not a URL"
	case headerTooLarge.MatchString(said):
		return fmt.Sprintf("the header of the reply has more than %d bytes", largestHeader)
	case op != nil && op.Op == "proxyconnect":
		if isStatusText(said) {
			return fmt.Sprintf("the proxy that HTTPS_PROXY names in the provider's pod answers %q", said)
		}
		return "the proxy that HTTPS_PROXY names in the provider's pod does not connect to it"
	case op != nil && (op.Op == "dial" || op.Op == "remote error" || op.Op == "local error"), saidHere.MatchString(said):
		return apierror.Stable(said)
	}
	if told := saidByHTTP2.FindString(said); told != "" {
		return told
	}
	return notHTTP
}

// isStatusText reports whether a text is what HTTP calls one of its failures.
func isStatusText(text string) bool {
	for status := http.StatusMultipleChoices; text != "" && status <= http.StatusNetworkAuthenticationRequired; status++ {
		if http.StatusText(status) == text {
			return true
		}
	}
	return false
}
