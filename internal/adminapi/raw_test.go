// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// serveRaw answers every request with the bytes that are made of its key, and returns
// its URL.
func serveRaw(t *testing.T, reply func(key string) string) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("Listen: %v", err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go answerRaw(conn, reply)
		}
	}()
	return "http://" + l.Addr().String()
}

func answerRaw(conn net.Conn, reply func(key string) string) {
	defer func() { _ = conn.Close() }()
	for requests := bufio.NewReader(conn); ; {
		req, err := http.ReadRequest(requests)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, req.Body)
		raw := reply(strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer "))
		_, _ = io.WriteString(conn, raw)
		// The end of a reply may be followed by another request.
		if !strings.Contains(raw, "Content-Length: ") && !strings.Contains(raw, "chunked") {
			return
		}
	}
}

// inJSON answers a refusal that has a text in the places of an error.
func inJSON(status int, code, param, kind, message string) string {
	body, _ := json.Marshal(map[string]map[string]string{"error": {"code": code, "param": param, "type": kind, "message": message}})
	return fmt.Sprintf("HTTP/1.1 %d No\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", status, len(body), body)
}

func page(status int, header, body string) string {
	return fmt.Sprintf("HTTP/1.1 %d No\r\n%sContent-Length: %d\r\n\r\n%s", status, header, len(body), body)
}

// echoes are the places in which what answers can repeat a key.
var echoes = map[string]struct {
	reason string
	reply  func(key string) string
}{
	"StatusLine":    {"It is quoted by Go.", func(k string) string { return "HTTP/1.1 " + k + " OK\r\n\r\n" }},
	"StatusText":    {"It is not looked at.", func(k string) string { return "HTTP/1.1 500 " + k + "\r\nContent-Length: 0\r\n\r\n" }},
	"Protocol":      {"It is quoted by Go.", func(k string) string { return k + " 200 OK\r\n\r\n" }},
	"NoStatus":      {"It is quoted by Go.", func(k string) string { return k + "\r\n\r\n" }},
	"HeaderName":    {"It is quoted by Go.", func(k string) string { return "HTTP/1.1 200 OK\r\n" + k + "\r\n\r\n" }},
	"BadHeaderName": {"It is quoted by Go.", func(k string) string { return "HTTP/1.1 200 OK\r\n(" + k + "): x\r\n\r\n" }},
	"FirstHeader":   {"It is quoted by Go.", func(k string) string { return "HTTP/1.1 200 OK\r\n " + k + ": x\r\n\r\n" }},
	"HeaderValue":   {"It may be shown as an ID.", func(k string) string { return page(400, "X-Request-Id: "+k+"\r\n", "{}") }},
	"RetryAfter": {"It is parsed.", func(k string) string {
		return page(429, "Retry-After: "+k+"\r\n", apitest.ErrorBody("requests", "rate_limit_exceeded", "Slow down."))
	}},
	"Location":      {"It is quoted by Go if it is no URL.", func(k string) string { return page(302, "Location: http://%zz/"+k+"\r\n", "") }},
	"GoodLocation":  {"It is not looked at.", func(k string) string { return page(302, "Location: /"+k+"\r\n", "") }},
	"ContentLength": {"It is quoted by Go.", func(k string) string { return "HTTP/1.1 200 OK\r\nContent-Length: " + k + "\r\n\r\n" }},
	"TwoLengths": {"They are quoted by Go.", func(k string) string {
		return "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: " + k + "\r\n\r\n"
	}},
	"TransferEncoding": {"It is quoted by Go.", func(k string) string { return "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + k + "\r\n\r\n" }},
	"Trailer": {"It is quoted by Go.", func(k string) string {
		return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n(" + k + ")\r\n\r\n"
	}},
	"TrailerKey": {"It is quoted by Go.", func(k string) string {
		return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Content-Length, " + k + "\r\n\r\n0\r\n\r\n"
	}},
	"ChunkSize": {"It is read as a number.", func(k string) string {
		return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + k + "\r\n{}\r\n0\r\n\r\n"
	}},
	"ContentEncoding": {"What is said to be compressed is not.", func(k string) string { return page(200, "Content-Encoding: gzip\r\n", k) }},
	"Page":            {"A proxy shows the request.", func(k string) string { return page(502, "", "<pre>Authorization: Bearer "+k) }},
	"Name": {"A success may have it in a name.", func(k string) string {
		return page(200, "Content-Type: application/json\r\n", `{"id":"proj_1","name":"`+k+`"}`)
	}},
	"NoSuccess": {"A success that is none.", func(k string) string { return page(200, "", `["`+k+`"]`) }},
	"Code":      {"It is shown.", func(k string) string { return inJSON(400, k, "", "invalid_request_error", "No.") }},
	"Param":     {"It is retained.", func(k string) string { return inJSON(400, "invalid_value", k, "invalid_request_error", "No.") }},
	"Type":      {"It may stand for the code.", func(k string) string { return inJSON(429, "", "", k, "You exceeded your current quota") }},
	"Message":   {"It is shown.", func(k string) string { return inJSON(400, "", "", "invalid_request_error", "The key "+k+" is odd.") }},
	"End": {"The beginning is left out.", func(k string) string {
		return inJSON(400, "", "", "invalid_request_error", "The key ..."+k[5:]+" is odd.")
	}},
	"Lowered": {"Hosts are shown in lower case.", func(k string) string {
		return inJSON(400, "", "", "invalid_request_error", "The host "+strings.ToLower(k)+" is odd.")
	}},
	"Hidden": {"What is in between is not shown.", func(k string) string {
		return inJSON(400, "", "", "invalid_request_error", "The key "+k[:7]+"\u200b"+k[7:]+" is odd.")
	}},
	"Percent": {"As in a URL.", func(k string) string {
		return inJSON(400, "", "", "invalid_request_error", "The key "+strings.ReplaceAll(url.QueryEscape(k), "e", "%65")+" is odd.")
	}},
	"JSONInJSON": {"A body in a message.", func(k string) string {
		return inJSON(400, "", "", "invalid_request_error", `The body {"key":"`+strings.ReplaceAll(strings.ReplaceAll(k, "e", `\u0065`), "/", `\/`)+`"} is odd.`)
	}},
	"Base64": {"As a header of basic authentication.", func(k string) string {
		return inJSON(400, "", "", "invalid_request_error", "The header "+base64.StdEncoding.EncodeToString([]byte("user:"+k))+" is odd.")
	}},
	"BareString": {"Some refusals are so.", func(k string) string {
		return page(403, "", `{"error":"You have insufficient permissions for this operation. Missing scopes: api.`+k+`"}`)
	}},
	"Scopes": {"They are listed.", func(k string) string {
		return inJSON(403, "missing_scope", "", "invalid_request_error", "Missing scopes: api.read, "+k+", x."+k+".")
	}},
	"Host": {"It is proposed.", func(k string) string {
		return inJSON(401, "incorrect_hostname", "", "invalid_request_error", "Use "+k+".api.openai.com instead.")
	}},
}

// TestNothingThatIsEchoedTellsTheKey has what answers repeat the key wherever it can, and
// shows that no error contains it, and that the text is the same twice.
func TestNothingThatIsEchoedTellsTheKey(t *testing.T) {
	t.Parallel()
	keys := map[string]string{
		"OpenAIs":   "sk-admin-test-0123456789-fake",
		"AGateways": "gateway/token+test-0123456789",
		"Short":     "testpw7",
	}
	for name, tc := range echoes {
		for form, key := range keys {
			if form == "Short" && (name == "End" || name == "Base64") {
				continue // What is left of it is no secret.
			}
			t.Run(name+"Of"+form, func(t *testing.T) {
				t.Parallel()
				c := testClient(serveRaw(t, tc.reply)+"/v1", key)
				var texts [2]string
				for i := range texts {
					_, err := c.Organization.Projects.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "p"})
					var e *apierror.Error
					if !errors.As(err, &e) {
						if form == "Short" && name == "Name" {
							return
						}
						t.Fatalf("%s\nwant an *Error, got %v", tc.reason, err)
					}
					texts[i] = e.Error()
					all := strings.ToLower(fmt.Sprintf("%s %#v", e.Error(), *e))
					for _, part := range []string{key, key[5:], base64.StdEncoding.EncodeToString([]byte("user:" + key))[8:16]} {
						if len(part) >= 6 && strings.Contains(all, strings.ToLower(part)) {
							t.Errorf("%s\nthe error contains %q: %s", tc.reason, part, all)
						}
					}
				}
				if texts[0] != texts[1] {
					t.Errorf("%s\nwant the same text at every try, got %q and %q", tc.reason, texts[0], texts[1])
				}
			})
		}
	}
}

// TestWhatDoesNotSpeakHTTPIsNotQuoted shows what a user reads instead.
func TestWhatDoesNotSpeakHTTPIsNotQuoted(t *testing.T) {
	t.Parallel()
	base := serveRaw(t, func(string) string { return "HTTP/1.1 words OK\r\n\r\n" })
	err := apitest.GetProject(t.Context(), testClient(base, apitest.FakeKey).AdminService)
	if want := fmt.Sprintf("no answer from OpenAI at %q: %s", base, notHTTP); apitest.Text(err) != want {
		t.Errorf("want %q, got %q", want, apitest.Text(err))
	}
}

func TestALargeHeaderIsNotRead(t *testing.T) {
	t.Parallel()
	base := serveRaw(t, func(string) string {
		return "HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Fill: "+strings.Repeat("x", 1000)+"\r\n", 2*maxHeaderBytes/1000) + "\r\n{}"
	})
	err := apitest.GetProject(t.Context(), testClient(base, apitest.FakeKey).AdminService)
	if err == nil || !strings.Contains(err.Error(), "65536 bytes") {
		t.Errorf("want an error about the header, got %v", err)
	}
}

// zip has a body in place of which fewer bytes are sent.
func zip(t *testing.T, body string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(body))
	if err := z.Close(); err != nil {
		t.Fatalf("gzip: %v", err)
	}
	return b.String()
}

// TestLargeBodiesAreNotRead shows how much of a body counts: as much as it has once it is
// decompressed.
func TestLargeBodiesAreNotRead(t *testing.T) {
	t.Parallel()
	padded := func(size int) string { return `{"id":"proj_1","object":"` + strings.Repeat("x", size) + `"}` }
	item := `{"id":"key_1","name":"k"},`
	items := func(n int, item string) string {
		return `{"object":"list","has_more":false,"data":[` + strings.TrimSuffix(strings.Repeat(item, n), ",") + `]}`
	}
	cases := map[string]struct {
		reason string
		status int
		body   string
		list   bool
		ok     bool
	}{
		"AReply":          {"OpenAI's have a kilobyte.", 200, padded(maxReplyBytes / 2), false, true},
		"ALargeReply":     {"No resource is so large.", 200, padded(maxReplyBytes), false, false},
		"ALargeRefusal":   {"What is cut off is in no form.", 400, `{"error":{"type":"invalid_request_error","code":"x","message":"` + strings.Repeat("x", maxReplyBytes) + `"}}`, false, false},
		"APage":           {"OpenAI's have 100 items.", 200, items(1000, item), true, true},
		"ALargePage":      {"No page is so large.", 200, items(1, `{"id":"key_1","name":"`+strings.Repeat("x", maxPageBytes)+`"}`), true, false},
		"APageOf100000":   {"No page has so many items.", 200, items(100_000, `{"id":"key_1","name":"`+strings.Repeat("x", 140)+`"},`), true, false},
		"APageOf60000":    {"So many decode to much more than they have.", 200, items(60_000, `{"id":"k"},`), true, false},
		"APageOfNothings": {"Each takes the memory of an item.", 200, items(200_000, "null,"), true, false},
	}
	for name, tc := range cases {
		for _, zipped := range []bool{false, true} {
			t.Run(fmt.Sprintf("%sZipped%t", name, zipped), func(t *testing.T) {
				t.Parallel()
				body, header := tc.body, "Content-Type: application/json\r\n"
				if zipped {
					body, header = zip(t, body), header+"Content-Encoding: gzip\r\n"
				}
				c := &Connection{Client: testClient(serveRaw(t, func(string) string { return page(tc.status, header, body) }), apitest.FakeKey), Project: "proj_1"}
				err := apitest.GetProject(t.Context(), c.AdminService)
				if tc.list {
					_, err = ProjectAPIKeys.List(t.Context(), c, "proj_1", time.Now())
				}
				if (err == nil) != tc.ok {
					t.Errorf("%s\nwant success %t, got %v", tc.reason, tc.ok, err)
				}
				if err != nil && !apierror.OutcomeUnknown(err) {
					t.Errorf("%s\nwant a failure that proves nothing, got %v", tc.reason, err)
				}
			})
		}
	}
}

// TestABodyThatDripsForEverEndsWithTheCall shows that nobody waits for the end of a body.
func TestABodyThatDripsForEverEndsWithTheCall(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusOK, http.StatusBadRequest} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			s := apitest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(status)
				for drop := time.Tick(time.Millisecond); ; {
					_, _ = w.Write([]byte(" "))
					_ = http.NewResponseController(w).Flush()
					select {
					case <-r.Context().Done():
						return
					case <-drop:
					}
				}
			})
			err := apitest.GetProject(t.Context(), newTestClient(Settings{AdminKey: apitest.FakeKey, BaseURL: s.URL, timeout: 50 * time.Millisecond}).AdminService)
			if want := fmt.Sprintf("no answer from OpenAI at %q: the call timed out", s.URL); apitest.Text(err) != want {
				t.Errorf("want %q, got %q", want, apitest.Text(err))
			}
		})
	}
}
