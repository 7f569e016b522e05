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

// notHTTP replaces errors that quote the reply, which can contain anything.
const notHTTP = "what answers there does not speak HTTP as OpenAI does: check baseURL and the gateway, proxy or firewall"

var (
	// streamIDs matches the numbers of HTTP/2 streams, which differ from call to call.
	streamIDs = regexp.MustCompile(`stream ID \d+; |LastStreamID=\d+, `)

	// http2Error matches the part of an HTTP/2 error that the peer cannot fill with text.
	http2Error = regexp.MustCompile(`^(?:(?:stream|connection) error: [A-Z0-9_]+(?:; received from peer)?|http2: server sent GOAWAY and closed the connection; ErrCode=[A-Z0-9_]+(?:, debug="")?)`)

	// localError matches errors whose text is all made by this process.
	localError = regexp.MustCompile(`^(?:tls: [A-Za-z0-9 ,'-]+$|net/http: invalid header field|unsupported protocol scheme|requestconfig: |http: no Host in request URL)`)

	// headerTooLarge matches the errors of Go's HTTP/1 and HTTP/2 clients, which have no type.
	headerTooLarge = regexp.MustCompile(`^net/http: server response headers exceeded \d+ bytes|^http2: response header list larger than advertised limit`)
)

// transportReason describes why there was no reply: stable from try to try, and without text of the peer.
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
	if reason := certificateReason(err); reason != "" {
		return reason
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

// certificateReason describes what is wrong with a certificate, without the names in it; empty if the
// error is about something else.
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
		// The error's own text contains the time.
		return "its certificate has expired or is not valid yet"
	case errors.As(err, &invalid), errors.As(err, &unverified):
		return "its certificate cannot be verified"
	}
	return ""
}

// protocolReason describes an error of HTTP, TLS, the connection or the proxy.
func protocolReason(err error) string {
	var op *net.OpError
	errors.As(err, &op)
	// The errors wrapped around the cause name the URL and ports.
	for u := errors.Unwrap(err); u != nil; u = errors.Unwrap(u) {
		err = u
	}
	text := streamIDs.ReplaceAllString(err.Error(), "")
	switch {
	case strings.HasPrefix(text, "invalid proxy address"):
		// The error's own text contains the proxy's password.
		return "the proxy that HTTPS_PROXY names in the provider's pod is not a URL"
	case headerTooLarge.MatchString(text):
		return fmt.Sprintf("the header of the reply has more than %d bytes", maxHeaderBytes)
	case op != nil && op.Op == "proxyconnect":
		if isStatusText(text) {
			return fmt.Sprintf("the proxy that HTTPS_PROXY names in the provider's pod answers %q", text)
		}
		return "the proxy that HTTPS_PROXY names in the provider's pod does not connect to it"
	case op != nil && (op.Op == "dial" || op.Op == "remote error" || op.Op == "local error"), localError.MatchString(text):
		return apierror.Stable(text)
	}
	if known := http2Error.FindString(text); known != "" {
		return known
	}
	return notHTTP
}

// isStatusText reports whether a text is the standard one of an HTTP status from 300.
func isStatusText(text string) bool {
	for status := http.StatusMultipleChoices; text != "" && status <= http.StatusNetworkAuthenticationRequired; status++ {
		if http.StatusText(status) == text {
			return true
		}
	}
	return false
}
