// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A field of a request body distinguishes a value that was left out from null, because the
// API does.
type field[T any] struct {
	value T
	set   bool
	null  bool
}

func (f *field[T]) UnmarshalJSON(b []byte) error {
	f.set = true
	if bytes.Equal(b, []byte("null")) {
		f.null = true
		return nil
	}
	return json.Unmarshal(b, &f.value)
}

// given reports whether the field has a value.
func (f field[T]) given() bool { return f.set && !f.null }

// into sets the target if the field is there. Null is the zero value.
func (f field[T]) into(target *T) {
	if f.set {
		*target = f.value
	}
}

// intoNullable is into for a target that can be null.
func (f field[T]) intoNullable(target **T) {
	switch {
	case f.null:
		*target = nil
	case f.set:
		*target = &f.value
	}
}

// decode reads a request body into T, and refuses unknown parameters as OpenAI
// does. An empty body reads as an empty object.
func decode[T any](r *request) (T, *apiError) {
	d := json.NewDecoder(bytes.NewReader(r.body))
	d.DisallowUnknownFields()
	return decodeFrom[T](r, d)
}

// decodeLoosely is decode for calls of which T has only some of the parameters.
func decodeLoosely[T any](r *request) (T, *apiError) {
	return decodeFrom[T](r, json.NewDecoder(bytes.NewReader(r.body)))
}

func decodeFrom[T any](r *request, d *json.Decoder) (T, *apiError) {
	var into T
	if len(bytes.TrimSpace(r.body)) == 0 {
		return into, nil
	}
	err := d.Decode(&into)
	if err == nil {
		_, err = d.Token()
		if errors.Is(err, io.EOF) {
			return into, nil
		}
		return into, badRequest("", "", "We could not parse the JSON body of your request: there is data after the object.")
	}

	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return into, badRequest("invalid_type", wrong.Field, "Invalid type for '%s': got %s.", wrong.Field, wrong.Value)
	}
	// encoding/json has no error type for this.
	if name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		name = strings.Trim(name, `"`)
		return into, badRequest("unknown_parameter", name, "Unknown parameter: '%s'.", name)
	}
	return into, badRequest("", "", "We could not parse the JSON body of your request.")
}

func missingParameter(name string) *apiError {
	return badRequest("missing_required_parameter", name, "Missing required parameter: '%s'.", name)
}

func nullParameter(name string) *apiError {
	return badRequest("invalid_type", name, "Invalid type for '%s': null is not allowed.", name)
}

func invalidValue(name, format string, args ...any) *apiError {
	return badRequest("invalid_value", name, "Invalid '%s': %s.", name, fmt.Sprintf(format, args...))
}

// firstRefusal returns the first refusal that is not nil.
func firstRefusal(refusals ...*apiError) *apiError {
	for _, aerr := range refusals {
		if aerr != nil {
			return aerr
		}
	}
	return nil
}

// required checks that a parameter has a value.
func required[T any](name string, f field[T]) *apiError {
	if !f.set {
		return missingParameter(name)
	}
	return notNull(name, f)
}

// notNull checks a parameter that may be left out, but not be null.
func notNull[T any](name string, f field[T]) *apiError {
	if f.null {
		return nullParameter(name)
	}
	return nil
}

// oneOf checks a parameter that may be left out.
func oneOf(name string, f field[string], allowed ...string) *apiError {
	if f.set && !slices.Contains(allowed, f.value) {
		return invalidValue(name, "%q is not one of '%s'", f.value, strings.Join(allowed, "', '"))
	}
	return nil
}

// requiredName checks a name that must be there.
func requiredName(f field[string]) *apiError {
	if !f.given() || strings.TrimSpace(f.value) == "" {
		return missingParameter("name")
	}
	return nil
}

// optionalName checks a name that may be left out, but not emptied.
func optionalName(f field[string]) *apiError {
	switch {
	case !f.set:
		return nil
	case f.null:
		return nullParameter("name")
	case strings.TrimSpace(f.value) == "":
		return invalidValue("name", "empty string")
	}
	return nil
}
