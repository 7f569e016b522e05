// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testDocument describes one family as OpenAI's document does.
const testDocument = `{
  "openapi": "3.1.0",
  "info": {"title": "test", "version": "1"},
  "servers": [{"url": "https://api.openai.com/v1"}],
  "paths": {
    "/organization/things": {
      "get": {
        "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}, {"name": "ids", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}],
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": {
          "type": "object", "additionalProperties": false, "required": ["data"],
          "properties": {"data": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}}
        }}}}}
      },
      "post": {
        "requestBody": {"required": true, "content": {"application/json": {"schema": {
          "type": "object", "additionalProperties": false, "required": ["name"], "properties": {"name": {"type": "string"}}
        }}}},
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}
      }
    },
    "/organization/things/{thing_id}": {
      "get": {
        "parameters": [{"name": "thing_id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}
      }
    },
    "/organization/things/activate": {
      "post": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "object", "additionalProperties": false}}}}}}
    }
  },
  "components": {"schemas": {"Thing": {
    "type": "object", "additionalProperties": false, "required": ["id"], "properties": {"id": {"type": "string"}, "at": {"type": ["integer", "null"]}}
  }}}
}`

func ok(method, path, query, request, response string) exchange {
	e := exchange{Method: method, Path: path, Query: query, Status: 200, ContentType: "application/json", Response: json.RawMessage(response)}
	if request != "" {
		e.Request = json.RawMessage(request)
	}
	return e
}

func TestWhatViolatesADocument(t *testing.T) {
	refused := ok("POST", "/v1/organization/things", "", `{"unknown":1}`, `{"error":"no"}`)
	refused.Status = 400
	page := ok("GET", "/v1/organization/things", "", "", `"<p>hello</p>"`)
	page.ContentType = "text/html"

	type found map[string]map[string]int
	none := func(operation string) found { return found{operation: {}} }
	cases := map[string]struct {
		reason string
		e      exchange
		want   found
	}{
		"AsDescribed":         {"Nothing is wrong.", ok("GET", "/v1/organization/things", "limit=1", "", `{"data":[{"id":"a","at":null}]}`), none("GET /organization/things")},
		"CreatedAsDescribed":  {"Nothing is wrong.", ok("POST", "/v1/organization/things", "", `{"name":"a"}`, `{"id":"a","at":1}`), none("POST /organization/things")},
		"ListInTheQuery":      {"OpenAI's lists have brackets that the document does not tell.", ok("GET", "/v1/organization/things", "ids%5B%5D=a", "", `{"data":[]}`), none("GET /organization/things")},
		"Activation":          {"What is no parameter goes first.", ok("POST", "/v1/organization/things/activate", "", "", `{}`), none("POST /organization/things/activate")},
		"Refused":             {"A refusal needs no declaration, and its request may be wrong.", refused, none("POST /organization/things")},
		"UnknownInTheRequest": {"The document does not know what was accepted.", ok("POST", "/v1/organization/things", "", `{"name":"a","more":1,"most":2}`, `{"id":"a"}`), found{"POST /organization/things": {"request: 'more' at / is not declared": 1, "request: 'most' at / is not declared": 1}}},
		"UnknownInTheQuery":   {"Nor that.", ok("GET", "/v1/organization/things", "archived=true", "", `{"data":[]}`), found{"GET /organization/things": {"request: query parameter 'archived' is not declared": 1}}},
		"UnknownInTheReply":   {"All items of a list are one place.", ok("GET", "/v1/organization/things", "", "", `{"data":[{"id":"a","b":1},{"id":"b","b":1}]}`), found{"GET /organization/things": {"reply: 'b' at /data/* is not declared": 1}}},
		"MissingInTheReply":   {"The document demands it.", ok("GET", "/v1/organization/things/thing_1", "", "", `{"at":1}`), found{"GET /organization/things/{thing_id}": {"reply: missing property 'id' at /": 1}}},
		"OfAnotherType":       {"The document says what it is.", ok("GET", "/v1/organization/things/thing_1", "", "", `{"id":1}`), found{"GET /organization/things/{thing_id}": {"reply: got number, want string at /id": 1}}},
		"NoSuchOperation":     {"The path has another one.", ok("DELETE", "/v1/organization/things/thing_1", "", "", `{}`), found{"DELETE /organization/things/{thing_id}": {"the document does not have this operation": 1}}},
		"NoSuchPath":          {"It is shown without the IDs.", ok("GET", "/v1/organization/others/oth_A1/parts", "", "", `{}`), found{"GET /organization/others/{id}/parts": {"the document does not have this operation": 1}}},
		"DataPlane":           {"It is not described.", ok("GET", "/v1/models", "", "", `{}`), found{}},
		"AnotherContentType":  {"OpenAI answers JSON.", page, found{"GET /organization/things": {"reply: GET / 200 operation response content type 'text/html' does not exist": 1}}},
	}
	d, err := newDocument([]byte(testDocument))
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := found{}
			r := check(d, []exchange{tc.e}, nil)
			for operation, o := range r.operations {
				got[operation] = o.violations
			}
			if diff := cmp.Diff(tc.want, got); diff != "" || r.broken != nil {
				t.Errorf("\n%s\ncheck: -want, +got, broken %v:\n%s", tc.reason, r.broken, diff)
			}
			wantErr := len(tc.want) == 0
			for _, v := range tc.want {
				wantErr = wantErr || len(v) > 0
			}
			if err := r.err(); (err != nil) != wantErr {
				t.Errorf("\n%s\nerr: want one %t, got %v", tc.reason, wantErr, err)
			}
		})
	}
}

func TestKnownGapsAreNoViolations(t *testing.T) {
	d, err := newDocument([]byte(testDocument))
	if err != nil {
		t.Fatal(err)
	}
	shown := gap{operation: "GET /organization/things/{thing_id}", violation: "reply: 'new' at / is not declared", reason: "test"}
	elsewhere := gap{operation: "GET /organization/things", violation: shown.violation, reason: "test"}
	all := []exchange{ok("GET", "/v1/organization/things/thing_1", "", "", `{"id":"a","new":1}`)}

	r := check(d, all, []gap{shown, elsewhere})
	if err := r.err(); err != nil {
		t.Errorf("want no error of a known gap, got %v", err)
	}
	if diff := cmp.Diff([]gap{elsewhere}, r.unhit, cmp.AllowUnexported(gap{})); diff != "" {
		t.Errorf("gaps that no exchange shows: -want, +got:\n%s", diff)
	}
	var out strings.Builder
	r.print(&out)
	for _, want := range []string{
		"a gap that no exchange shows; if the document has learned it, take it off the list: GET /organization/things: reply: 'new' at / is not declared",
		"spec-check: 1 exchanges of 1 operations: 0 violations, 1 times a known gap, 1 gaps not shown, 0 exchanges of other APIs",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("want %q in what is printed, got:\n%s", want, out.String())
		}
	}
}

func TestEveryGapHasAReason(t *testing.T) {
	for _, g := range gaps {
		if g.operation == "" || g.violation == "" || g.reason == "" {
			t.Errorf("gap %+v lacks something", g)
		}
	}
}

func TestFilesThatCannotBeChecked(t *testing.T) {
	write := func(content string) string {
		name := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	line := `{"method":"GET","path":"/v1/organization/things","status":200,"content_type":"application/json","response":{"data":[]}}` + "\n"
	cases := map[string]struct {
		reason   string
		spec     string
		recorded string
		want     string
	}{
		"Fine":              {"The exchange is as described.", testDocument, line, ""},
		"NothingRecorded":   {"A check of nothing must not succeed.", testDocument, "", "there are no exchanges to check: record some with make contract"},
		"NothingOfTheAPI":   {"Nor one of calls that are not described.", testDocument, strings.ReplaceAll(line, "/v1/organization/things", "/v1/models"), "no exchange is one of the Administration API"},
		"DocumentOfNothing": {"There is nothing to compare with.", `{"openapi":"3.1.0","info":{"title":"","version":""}}`, line, "it has no servers or no paths"},
		"BrokenLine":        {"A recording that was cut short.", testDocument, line[:20], "cannot read exchanges of"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			err := run([]string{"-spec", write(tc.spec), write(tc.recorded)}, &out)
			if (err == nil) != (tc.want == "") || (err != nil && !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("\n%s\nrun: want an error with %q, got %v", tc.reason, tc.want, err)
			}
		})
	}
}
