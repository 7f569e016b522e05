// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"fmt"
	"net/http"
	"path"
	"strings"

	"github.com/crossplane-contrib/provider-openai/cluster/test/canary"
)

// unlistedTimes is how often a list is not found at first: once with a gateway's 404, and once with
// OpenAI's. After the fault it is not found once more.
const unlistedTimes = 2

// read serves a GET request to OpenAI.
func (t *tap) read(w http.ResponseWriter, req *http.Request, label string, next http.Handler) {
	m := t.listNotFound(label)
	if m == undisturbed {
		next.ServeHTTP(w, req)
		return
	}
	t.note(request{side: openAI, label: label}, "%s", m)
	reply(w, openAI, req, m, echo(req, nil))
}

// listNotFound returns the mode in which a list is not found; undisturbed: it is found.
func (t *tap) listNotFound(label string) mode {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.armed || label != t.unlisted || t.notFoundLeft == 0 {
		return undisturbed
	}
	t.notFoundLeft--
	t.notFoundLists++
	if t.notFoundLists%2 == 1 {
		return pageInstead
	}
	return deniedInstead
}

// echo returns the credentials of a request, as a careless server might quote them.
func echo(req *http.Request, body []byte) string {
	return strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer ") + " " + string(canary.KeyValue.Find(body))
}

// reply to a request in a mode, with a text in the message.
func reply(w http.ResponseWriter, s side, req *http.Request, m mode, text string) {
	switch {
	case m == pageAfter || m == pageInstead:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(m.status())
		_, _ = fmt.Fprintf(w, "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<!-- %s -->\r\n</body>\r\n</html>\r\n", text)
	case m == keptInstead:
		w.Header().Set("Content-Type", "application/json")
		// A reply that fits a DELETE and a project.
		_, _ = fmt.Fprintf(w, `{"id": %q, "deleted": false, "status": "active"}`, path.Base(strings.TrimSuffix(req.URL.Path, "/archive")))
	case s == openAI:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(m.status())
		_, _ = fmt.Fprintf(w, `{"error": {"message": "injected fault %s", "type": %q, "param": null, "code": null}}`, strings.TrimSpace(text), errorType(m.status()))
	default:
		refuse(w, req.Method, m.status())
	}
}

// errorType is OpenAI's error type for a status.
func errorType(status int) string {
	if status == http.StatusNotFound {
		return "invalid_request_error"
	}
	return "server_error"
}

// refuse answers as the API server does.
func refuse(w http.ResponseWriter, method string, status int) {
	w.Header().Set("Content-Type", "application/json")
	reason := map[int]string{
		http.StatusConflict:            "Conflict",
		http.StatusTooManyRequests:     "TooManyRequests",
		http.StatusInternalServerError: "InternalError",
	}[status]
	if status == http.StatusConflict && method == http.MethodPost {
		reason = "AlreadyExists"
	}
	if status == http.StatusTooManyRequests {
		// client-go repeats the request by itself then.
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "injected fault", "reason": %q, "code": %d}`, reason, status)
}
