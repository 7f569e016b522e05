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
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestNoAnswer shows what a user reads when OpenAI cannot be reached.
func TestNoAnswer(t *testing.T) {
	fails := func(err error) option.RequestOption {
		return option.WithHTTPClient(&http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, err })})
	}
	// Two errors of the same cause that differ in what changes from try to try.
	dialled := func(port int, err error) error {
		return &net.OpError{Op: "dial", Net: "tcp", Source: &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: port}, Err: err}
	}
	cases := map[string]struct {
		reason string
		errs   [2]error
		unsent [2]bool
		want   string
	}{
		"NoSuchName": {
			"A typo in baseURL, or no DNS.",
			[2]error{&net.DNSError{Name: "api.example.org", Err: "no such host", Server: "10.0.0.10:53", IsNotFound: true}, &net.DNSError{Name: "api.example.org", Err: "server misbehaving", Server: "10.0.0.11:53"}},
			[2]bool{true, true},
			`the name "api.example.org" cannot be looked up`,
		},
		"Refused": {
			"The port of the source differs from try to try.",
			[2]error{dialled(40001, syscall.ECONNREFUSED), dialled(40002, syscall.ECONNREFUSED)},
			[2]bool{true, true},
			"connection refused",
		},
		"Reset": {
			"The port of the source differs from try to try.",
			[2]error{&net.OpError{Op: "read", Err: syscall.ECONNRESET}, &net.OpError{Op: "write", Err: syscall.ECONNRESET}},
			[2]bool{false, false},
			"connection reset by peer",
		},
		"Unreachable": {
			"A network policy, for example.",
			[2]error{dialled(40001, syscall.EHOSTUNREACH), dialled(40002, syscall.EHOSTUNREACH)},
			[2]bool{true, true},
			"no route to host",
		},
		"TimedOut": {
			"Dialling and waiting look alike.",
			[2]error{dialled(40001, syscall.ETIMEDOUT), context.DeadlineExceeded},
			[2]bool{true, false},
			"the call timed out",
		},
		"Closed": {
			"A reply that ends in the middle.",
			[2]error{fmt.Errorf("reading: %w", io.ErrUnexpectedEOF), io.EOF},
			[2]bool{false, false},
			"the connection was closed",
		},
		"Expired": {
			"The text of the error contains the time.",
			[2]error{
				&tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.Expired, Detail: "current time 2026-11-26T05:03:35Z is after 2026-11-26T04:00:00Z"}},
				&tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.Expired, Detail: "current time 2026-11-26T05:03:36Z is after 2026-11-26T04:00:00Z"}},
			},
			[2]bool{true, true},
			"its certificate has expired or is not valid yet",
		},
		"StreamOfHTTP2": {
			"Streams are numbered.",
			[2]error{errors.New("stream error: stream ID 1; INTERNAL_ERROR; received from peer"), errors.New("stream error: stream ID 7; INTERNAL_ERROR; received from peer")},
			[2]bool{false, false},
			"stream error: INTERNAL_ERROR; received from peer",
		},
		"GoneAway": {
			"As above.",
			[2]error{errors.New(`http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=NO_ERROR, debug=""`), errors.New(`http2: server sent GOAWAY and closed the connection; LastStreamID=19, ErrCode=NO_ERROR, debug=""`)},
			[2]bool{false, false},
			`http2: server sent GOAWAY and closed the connection; ErrCode=NO_ERROR, debug=""`,
		},
		"ProxyThatIsNoURL": {
			"The text of the error holds the password.",
			[2]error{
				&url.Error{Op: "Get", Err: errors.New(`invalid proxy address "http://user:FAKE1%zz@proxy": parse "http://user:FAKE1%zz@proxy": invalid URL escape "%zz"`)},
				&url.Error{Op: "Get", Err: errors.New(`invalid proxy address "http://user:FAKE2%zz@proxy": parse "http://user:FAKE2%zz@proxy": invalid URL escape "%zz"`)},
			},
			[2]bool{false, false},
			"the proxy that HTTPS_PROXY names in the provider's pod is not a URL",
		},
		"Otherwise": {
			"What is wrapped around the cause names the URL and the proxy's port.",
			[2]error{
				&url.Error{Op: "Get", URL: "https://api.example.org/1", Err: dialled(1, errors.New("proxy says no, request req_1a"))},
				&url.Error{Op: "Post", URL: "https://api.example.org/2", Err: dialled(2, errors.New("proxy says no, request req_2b"))},
			},
			[2]bool{true, true},
			"proxy says no, request …",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			const base = "https://api.example.org/v1"
			for i, cause := range tc.errs {
				_, err := testClient(base, apitest.FakeKey).Organization.Projects.Get(t.Context(), "proj_1", fails(cause))
				if diff := cmp.Diff(`no answer from OpenAI at "`+base+`": `+tc.want, apitest.Text(err)); diff != "" {
					t.Errorf("\n%s\nError for %v: -want, +got:\n%s", tc.reason, cause, diff)
				}
				checkUnsent(t, tc.reason, err, tc.unsent[i])
			}
		})
	}
}

// TestNoAnswerTellsNoSecretOfTheURL has a base URL as checkBaseURL refuses them.
func TestNoAnswerTellsNoSecretOfTheURL(t *testing.T) {
	got := apitest.Text(transportError(Settings{BaseURL: "https://user:FAKE-pw@api.example.org/v1?key=FAKE"}, io.EOF))
	if strings.Contains(got, "FAKE") || !strings.Contains(got, `"https://api.example.org/v1"`) {
		t.Errorf("want only the URL's host and path, got %s", got)
	}
}

// checkUnsent shows that a change is in doubt, unless the call was never sent.
func checkUnsent(t *testing.T, reason string, err error, unsent bool) {
	t.Helper()
	if apierror.OutcomeUnknown(err) == unsent || apierror.HadNoEffect(err) != unsent {
		t.Errorf("\n%s\n%v: want unsent %t, got unknown outcome %t and no effect %t", reason, err, unsent, apierror.OutcomeUnknown(err), apierror.HadNoEffect(err))
	}
}

// TestRealConnections has the real network fail.
func TestRealConnections(t *testing.T) {
	cases := map[string]struct {
		reason string
		base   func(t *testing.T) string
		want   string
		unsent bool
	}{
		"Refused": {
			"Nobody listens.",
			func(t *testing.T) string {
				s := apitest.Serve(t, nil)
				s.Close()
				return s.URL
			},
			"connection refused",
			true,
		},
		"Reset": {
			"The reply is lost.",
			func(t *testing.T) string {
				sim, _ := startSimulator(t)
				addFault(t, sim, simulator.Fault{Kind: simulator.FaultResetAfter})
				addFault(t, sim, simulator.Fault{Kind: simulator.FaultResetBefore})
				return sim.BaseURL()
			},
			"connection reset by peer",
			false,
		},
		"ClosedInTheMiddle": {
			"The reply is shorter than it says.",
			func(t *testing.T) string {
				return apitest.Serve(t, func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Length", "100")
					_, _ = w.Write([]byte(`{"id":`))
				}).URL
			},
			"the connection was closed",
			false,
		},
		"UntrustedCertificate": {
			"A proxy that inspects TLS, for example.",
			func(t *testing.T) string {
				s := httptest.NewUnstartedServer(http.NotFoundHandler())
				s.Config.ErrorLog = log.New(io.Discard, "", 0)
				s.StartTLS()
				t.Cleanup(s.Close)
				return s.URL
			},
			"x509: certificate signed by unknown authority",
			true,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			base := tc.base(t)
			c := testClient(base, simulator.DefaultAdminKey)
			for range 2 {
				_, err := c.Organization.Projects.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "p"})
				if diff := cmp.Diff(fmt.Sprintf("no answer from OpenAI at %q: %s", base, tc.want), apitest.Text(err)); diff != "" {
					t.Errorf("\n%s\nError: -want, +got:\n%s", tc.reason, diff)
				}
				checkUnsent(t, tc.reason, err, tc.unsent)
			}
		})
	}
}

// hang answers only once the client has gone, or the test has ended.
func hang(t *testing.T) *apitest.Counter {
	t.Helper()
	ended := make(chan struct{})
	s := apitest.Serve(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-ended:
		}
	})
	t.Cleanup(func() { close(ended) })
	return s
}

func TestTimeout(t *testing.T) {
	s := hang(t)
	c := newTestClient(Settings{AdminKey: apitest.FakeKey, BaseURL: s.URL, timeout: 20 * time.Millisecond})
	_, err := c.Organization.Projects.Get(t.Context(), "proj_1")
	if diff := cmp.Diff(fmt.Sprintf("no answer from OpenAI at %q: the call timed out", s.URL), apitest.Text(err)); diff != "" {
		t.Errorf("Error: -want, +got:\n%s", diff)
	}
	if !apierror.OutcomeUnknown(err) {
		t.Error("OutcomeUnknown: want true, got false")
	}
	if n := s.Requests.Load(); n != 1 {
		t.Errorf("requests: want 1, got %d", n)
	}
}

func TestCancelledContext(t *testing.T) {
	cases := map[string]struct {
		reason string
		cancel func(cancel context.CancelFunc, started <-chan struct{})
	}{
		"DuringTheCall": {"A shutdown cuts the call off.", func(cancel context.CancelFunc, started <-chan struct{}) {
			go func() { <-started; cancel() }()
		}},
		"BeforeTheCall": {"A shutdown has begun already.", func(cancel context.CancelFunc, _ <-chan struct{}) { cancel() }},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			started := make(chan struct{})
			s := apitest.Serve(t, func(_ http.ResponseWriter, r *http.Request) {
				close(started)
				<-r.Context().Done()
			})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			tc.cancel(cancel, started)
			_, err := testClient(s.URL, apitest.FakeKey).Organization.Projects.Get(ctx, "proj_1")
			// The SDK answers for a caller who has gone.
			if !errors.Is(err, context.Canceled) {
				t.Errorf("\n%s\nError: want context.Canceled, got %v", tc.reason, err)
			}
			if !apierror.OutcomeUnknown(err) {
				t.Errorf("\n%s\nOutcomeUnknown: want true, got false", tc.reason)
			}
		})
	}
}

// TestUnreadableReply has OpenAI accept a call and answer with what is no reply.
func TestUnreadableReply(t *testing.T) {
	cases := map[string]struct{ reason, contentType, body string }{
		"Page":   {"A captive portal answers 200.", "text/html", "<html>Log in</html>"},
		"CutOff": {"The JSON ends in the middle.", "application/json", `{"id":"proj_1"`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := apitest.Serve(t, apitest.Answer(http.StatusOK, tc.contentType, tc.body))
			_, err := testClient(s.URL, apitest.FakeKey).Organization.Projects.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "p"})
			if !apierror.OutcomeUnknown(err) {
				t.Errorf("\n%s\nOutcomeUnknown: want true for a change that may have been carried out, got false for %v", tc.reason, err)
			}
		})
	}
}
