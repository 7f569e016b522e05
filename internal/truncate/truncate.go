// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package truncate bounds the texts of API replies before they are cached or shown in a status.
package truncate

import (
	"reflect"
	"strings"
)

// MaxBytes bounds each text of an item that is cached, in bytes. OpenAI's own have at most 512.
const MaxBytes = 1 << 10

// Fields truncates all texts in a value that was decoded from a reply, so that it can be cached and
// shown in a status: the texts are valid UTF-8, have at most MaxBytes, and no longer share memory
// with the reply. It returns their size, and that of what pointers, slices and maps refer to, in
// bytes. O may hold texts, numbers, times, and structs, pointers, slices and maps of these.
func Fields[O any](o *O) int { return truncateValue(reflect.ValueOf(o).Elem()) }

func truncateValue(v reflect.Value) (size int) {
	switch v.Kind() { //nolint:exhaustive // Other kinds hold no texts.
	case reflect.String:
		text := v.String()
		size = Texts(&text)
		v.SetString(text)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				size += truncateValue(v.Field(i))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			size = int(v.Type().Elem().Size()) + truncateValue(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			size += int(v.Type().Elem().Size()) + truncateValue(v.Index(i))
		}
	case reflect.Map:
		size = truncateMap(v)
	}
	return size
}

// truncateMap replaces a map by a copy, as the entries of a map cannot be changed in place.
func truncateMap(m reflect.Value) (size int) {
	if m.IsNil() {
		return 0
	}
	copied := reflect.MakeMapWithSize(m.Type(), m.Len())
	for _, key := range m.MapKeys() {
		k, v := reflect.New(m.Type().Key()).Elem(), reflect.New(m.Type().Elem()).Elem()
		k.Set(key)
		v.Set(m.MapIndex(key))
		size += truncateValue(k) + truncateValue(v)
		copied.SetMapIndex(k, v)
	}
	m.Set(copied)
	return size
}

// Texts truncates texts to MaxBytes, copies them so that they do not retain the reply that they are
// part of, and returns their size in bytes. A text that is cut ends in an ellipsis, so that it equals
// none that is not.
func Texts(texts ...*string) (size int) {
	for _, t := range texts {
		*t = strings.Clone(Text(*t, MaxBytes))
		size += len(*t)
	}
	return size
}

// Text returns a text of at most maxBytes, cut with an ellipsis if need be, that the API server
// stores unchanged: it replaces what is not UTF-8, which would be read back as something else and
// look like drift at every poll.
func Text(text string, maxBytes int) string {
	const end = "…"
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= maxBytes {
		return text
	}
	return ForDisplay(text, maxBytes-len(end))
}

// ForDisplay returns a text cut after maxBytes, with an ellipsis appended if it was longer.
func ForDisplay(text string, maxBytes int) string {
	if len(text) <= maxBytes {
		return text
	}
	return strings.ToValidUTF8(text[:maxBytes], "") + "…"
}
