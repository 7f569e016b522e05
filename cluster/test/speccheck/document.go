// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	verrors "github.com/pb33f/libopenapi-validator/errors"
)

// A document is the OpenAPI document with which exchanges are compared.
type document struct {
	validator validator.Validator
	server    *url.URL

	// parameters of the query of each operation.
	parameters map[string][]string
	// templates of paths, such as /organization/projects/{project_id}.
	templates []string
}

func newDocument(b []byte) (*document, error) {
	parsed, err := libopenapi.NewDocument(b)
	if err != nil {
		return nil, err
	}
	model, err := parsed.BuildV3Model()
	if err != nil {
		return nil, err
	}
	if len(model.Model.Servers) == 0 || model.Model.Paths == nil {
		return nil, errors.New("it has no servers or no paths")
	}
	d := &document{parameters: map[string][]string{}}
	if d.server, err = url.Parse(model.Model.Servers[0].URL); err != nil {
		return nil, err
	}
	for template, item := range model.Model.Paths.PathItems.FromOldest() {
		d.templates = append(d.templates, template)
		for method, o := range item.GetOperations().FromOldest() {
			names := []string{}
			for _, p := range slices.Concat(item.Parameters, o.Parameters) {
				if p.In == "query" {
					names = append(names, p.Name)
				}
			}
			d.parameters[strings.ToUpper(method)+" "+template] = names
		}
	}
	// Headers, such as Authorization, are not recorded.
	v, errs := validator.NewValidator(parsed, config.WithoutSecurityValidation())
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	d.validator = v
	return d, nil
}

// below returns the path of an exchange below the server's URL, and whether the document describes
// it.
func (d *document) below(e exchange) (string, bool) {
	path, ok := strings.CutPrefix(e.Path, strings.TrimSuffix(d.server.Path, "/"))
	return path, ok && (strings.HasPrefix(path, "/organization/") || strings.HasPrefix(path, "/projects/"))
}

// operation is a method and the template of a path. A path that the document lacks gets a template
// of its own.
func (d *document) operation(method, path string) string {
	matching := slices.DeleteFunc(slices.Clone(d.templates), func(t string) bool { return !matches(t, path) })
	if len(matching) == 0 {
		return method + " " + someID.ReplaceAllString(path, "/{id}")
	}
	// The template with the fewest parameters matches, such as …/certificates/activate.
	return method + " " + slices.MinFunc(matching, func(a, b string) int {
		return cmp.Compare(strings.Count(a, "{"), strings.Count(b, "{"))
	})
}

// someID matches a path segment that is an ID.
var someID = regexp.MustCompile(`/[a-z]+[_-][A-Za-z0-9_-]*[A-Z0-9][A-Za-z0-9_-]*`)

func matches(template, path string) bool {
	want, have := strings.Split(template, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, have, func(w, h string) bool { return strings.HasPrefix(w, "{") || w == h })
}

// violations of the document by a successful call and its reply. Refused calls are not checked: the
// document declares few refusals, and an invalid request is refused rightly.
func (d *document) violations(e exchange, operation string) ([]string, error) {
	if e.Status < http.StatusOK || e.Status >= http.StatusMultipleChoices {
		return nil, nil
	}
	declared, known := d.parameters[operation]
	if !known {
		return []string{"the document does not have this operation"}, nil
	}
	query, err := url.ParseQuery(e.Query)
	if err != nil {
		return nil, fmt.Errorf("query %q of %s: %w", e.Query, operation, err)
	}
	var found []string
	for name := range query {
		// OpenAI's documents declare array parameters with or without brackets.
		plain, _, _ := strings.Cut(name, "[")
		if !slices.Contains(declared, name) && !slices.Contains(declared, plain) {
			found = append(found, fmt.Sprintf("request: query parameter '%s' is not declared", name))
		}
	}

	req, err := d.request(e)
	if err != nil {
		return nil, err
	}
	if _, errs := d.validator.ValidateHttpRequestSync(req); len(errs) > 0 {
		found = append(found, describe("request", errs)...)
	}
	if req, err = d.request(e); err != nil {
		return nil, err
	}
	res := &http.Response{
		StatusCode: e.Status, Request: req,
		Header: http.Header{"Content-Type": {e.ContentType}}, Body: io.NopCloser(bytes.NewReader(e.Response)),
	}
	if _, errs := d.validator.ValidateHttpResponse(req, res); len(errs) > 0 {
		found = append(found, describe("reply", errs)...)
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

func (d *document) request(e exchange) (*http.Request, error) {
	u := *d.server
	u.Path, u.RawQuery = e.Path, e.Query
	req, err := http.NewRequestWithContext(context.Background(), e.Method, u.String(), bytes.NewReader(e.Request))
	if err == nil && len(e.Request) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, err
}

// describe violations without the values of the exchange.
func describe(side string, errs []*verrors.ValidationError) []string {
	var found []string
	for _, e := range errs {
		if len(e.SchemaValidationErrors) == 0 {
			found = append(found, side+": "+withoutPath(e))
		}
		for _, s := range e.SchemaValidationErrors {
			at := pointer(s.InstancePath)
			names := extra.FindAllStringSubmatch(s.Reason, -1)
			if !strings.HasPrefix(s.Reason, "additional properties ") || len(names) == 0 {
				found = append(found, fmt.Sprintf("%s: %s at %s", side, s.Reason, at))
				continue
			}
			for _, name := range names {
				found = append(found, fmt.Sprintf("%s: '%s' at %s is not declared", side, name[1], at))
			}
		}
	}
	return found
}

// extra matches the names in a list of properties.
var extra = regexp.MustCompile(`'([^']*)'`)

// withoutPath returns an error's message without the path that was called.
func withoutPath(e *verrors.ValidationError) string {
	text := e.Message
	if e.RequestPath != "" {
		text = strings.ReplaceAll(text, e.RequestPath, "…")
	}
	return text
}

// pointer to a place in a body. All items of a list have the same pointer.
func pointer(path []string) string {
	var b strings.Builder
	for _, part := range path {
		if strings.Trim(part, "0123456789") == "" {
			part = "*"
		}
		b.WriteString("/" + part)
	}
	return cmp.Or(b.String(), "/")
}
