// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package truncate bounds texts that come from replies before they are kept or shown.
package truncate

import (
	"reflect"
	"strings"
)

// MaxBytes bounds each text of a thing that is kept, in bytes. OpenAI's have 512.
const MaxBytes = 1 << 10

// Fields makes of something that was read from a reply what can be kept for long and shown in
// a status: its texts no longer hold on to the reply, and are of bounded length and valid
// UTF-8. It returns how many bytes they have. The form of O is its own: it holds texts,
// numbers, times, and structs, pointers, slices and maps of these.
func Fields[O any](o *O) int { return keepAll(reflect.ValueOf(o).Elem()) }

func keepAll(v reflect.Value) (kept int) {
	switch v.Kind() { //nolint:exhaustive // Whatever else there is holds no texts.
	case reflect.String:
		text := v.String()
		kept = Texts(&text)
		v.SetString(text)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				kept += keepAll(v.Field(i))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			kept = int(v.Type().Elem().Size()) + keepAll(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			kept += int(v.Type().Elem().Size()) + keepAll(v.Index(i))
		}
	case reflect.Map:
		kept = keepMap(v)
	}
	return kept
}

// keepMap keeps a copy of each entry, as those of a map cannot be changed in place.
func keepMap(m reflect.Value) (kept int) {
	if m.IsNil() {
		return 0
	}
	copied := reflect.MakeMapWithSize(m.Type(), m.Len())
	for _, key := range m.MapKeys() {
		k, v := reflect.New(m.Type().Key()).Elem(), reflect.New(m.Type().Elem()).Elem()
		k.Set(key)
		v.Set(m.MapIndex(key))
		kept += keepAll(k) + keepAll(v)
		copied.SetMapIndex(k, v)
	}
	m.Set(copied)
	return kept
}

// Texts texts without the reply that they were read from, of which they are parts, and tell
// how many bytes they have. One that is cut is like none that is not.
func Texts(texts ...*string) (kept int) {
	for _, t := range texts {
		*t = strings.Clone(Text(*t, MaxBytes))
		kept += len(*t)
	}
	return kept
}

// Text is a text of at most so many bytes that the API server stores as it is: what is not
// UTF-8 would come back as something else, and look like a change at every look.
func Text(text string, most int) string {
	const end = "…"
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= most {
		return text
	}
	return ForDisplay(text, most-len(end))
}

// ForDisplay is as much of a text as is told, of at most so many bytes.
func ForDisplay(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
