// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Reasons why a state annotation cannot be read. None repeats its text: people paste values of keys
// where IDs belong.
var (
	errNoID       = errors.New("it is no ID of OpenAI's")
	errNoNumber   = fmt.Errorf("it is no number from 0 to %d", maxSerial)
	errNoTime     = errors.New("it is no time such as 2026-11-22T12:00:00Z")
	errNoDuration = errors.New("it is no duration such as 24h0m0s")
	errNoKeys     = errors.New("it is no JSON object of IDs of keys and when to revoke them")
	errTooLong    = errors.New("it is too long")
)

// maxSerial is higher than any object needs.
const maxSerial = 1 << 30

func parseSerial(v string) (int, error) {
	n, err := strconv.ParseInt(v, 10, 32)
	if err != nil || n < 0 || n > maxSerial {
		return 0, errNoNumber
	}
	return int(n), nil
}

func readNumber(to *int) func(string) error {
	return func(v string) (err error) {
		*to, err = parseSerial(v)
		return err
	}
}

func readID(to *string) func(string) error {
	return func(v string) error {
		if v != "" && !isKeyID(v) {
			return errNoID
		}
		*to = v
		return nil
	}
}

func readText(to *string) func(string) error {
	return func(v string) error {
		if len(v) > maxAnnotationBytes {
			return errTooLong
		}
		*to = v
		return nil
	}
}

// readSanitized reads a user's text, which an earlier version may have written as it was.
func readSanitized(to *string) func(string) error {
	return func(v string) error {
		*to = sanitize(v)
		return nil
	}
}

func readTime(to *time.Time) func(string) error {
	return func(v string) error {
		t, err := time.Parse(time.RFC3339, v)
		if err != nil {
			return errNoTime
		}
		*to = toRFC3339Range(t.Truncate(time.Second))
		return nil
	}
}

// toRFC3339Range is a time that RFC 3339 can express: it has four digits for a year, which a time
// in another time zone may exceed.
func toRFC3339Range(t time.Time) time.Time {
	switch t = t.UTC(); {
	case t.Year() < 1:
		return time.Time{}
	case t.Year() > 9999:
		return time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	return t
}

func readDuration(to *time.Duration) func(string) error {
	return func(v string) (err error) {
		if *to, err = time.ParseDuration(v); err != nil {
			return errNoDuration
		}
		return nil
	}
}

func readRetiring(v string) (map[string]retiringKey, error) {
	if len(v) > maxListBytes {
		return nil, errTooLong
	}
	out := map[string]retiringKey{}
	if err := json.Unmarshal([]byte(v), &out); err != nil {
		return nil, errNoKeys
	}
	for id, r := range out {
		if !isKeyID(id) {
			return nil, errNoID
		}
		r.RevokeAt = toRFC3339Range(r.RevokeAt)
		if r.ReplacedAt != nil {
			*r.ReplacedAt = toRFC3339Range(*r.ReplacedAt)
		}
		out[id] = r
	}
	if out == nil {
		out = map[string]retiringKey{}
	}
	// Earlier versions wrote all of them.
	return keepLastEnding(out, func(string) int { return 0 }), nil
}
