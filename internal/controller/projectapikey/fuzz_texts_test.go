// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"
)

func FuzzNames(f *testing.F) {
	mine := string(ownerHashOf("uid-1"))
	f.Add("checkout", 1, mine+"-7-checkout")
	f.Add("", 1<<30, mine+"-007-checkout")
	f.Add(strings.Repeat("ä", 150), 1<<20, mine+"-+7-checkout")
	f.Add(mine+"-7-x", 9, strings.ToUpper(mine)+"-1048575-x")
	f.Add("a-1", 10, mine+"-7")
	f.Add("x", 11, string(ownerHashOf("uid-2"))+"-1-x")
	f.Fuzz(func(t *testing.T, base string, serial int, name string) {
		own, other := ownerHashOf("uid-1"), ownerHashOf(types.UID("uid-2"))
		if serial > 0 && serial <= maxSerial {
			made := own.keyName(base, serial)
			for _, made := range []string{made, strings.ToUpper(string(own)) + made[len(own):]} {
				if n, _, ok := own.parse(made); !ok || n != serial {
					t.Errorf("%q: want the object's with serial %d, got %d, %t", made, serial, n, ok)
				}
				if other.parses(made) {
					t.Errorf("%q passes as another object's", made)
				}
			}
		}
		n, rest, ok := own.parse(name)
		if !ok {
			return
		}
		// Only what the provider writes counts.
		if want := string(own) + "-" + strconv.Itoa(n) + "-" + rest; !strings.EqualFold(name[:len(own)], string(own)) || name[len(own):] != want[len(own):] || n < 1 {
			t.Errorf("%q passes as %q", name, want)
		}
	})
}

// parses reports whether a name is that of a key with the owner hash.
func (h ownerHash) parses(name string) bool {
	_, ok := h.serial(name)
	return ok
}

// whole matches the value of a key that is no part of another word.
var whole = regexp.MustCompile(`(?:^|[^A-Za-z0-9])sk-[A-Za-z0-9_-]{12,}`)

func FuzzEarlyRevocation(f *testing.F) {
	for _, text := range []string{"all", "all 2026-11-22T12:00:00Z", "key_1, key_2", "sk-svcacct-FAKE-0123456789abcdef", "key_" + strings.Repeat("x", 4000), "all " + strings.Repeat("1", 300), "…", "\x00sk-fake"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		req := readEarlyRevocation(text)
		if req.invalid != "" && (req.text != "" || req.all || len(req.ids) > 0) {
			t.Errorf("what is not understood asks for something: %+v", req)
		}
		if len(req.text) > maxTextBytes {
			t.Errorf("a text of %d bytes would be noted", len(req.text))
		}
		if whole.MatchString(req.invalid) || whole.MatchString(req.text) {
			t.Errorf("a text holds a key's value: %q, %q", req.invalid, req.text)
		}
		once := sanitize(text)
		if diff := cmp.Diff(once, sanitize(once)); diff != "" {
			t.Errorf("what was told is told otherwise: -once, +twice:\n%s", diff)
		}
		if whole.MatchString(once) {
			t.Errorf("a text holds a key's value: %q", once)
		}
		if len(once) > maxTextBytes {
			t.Errorf("%d bytes are told", len(once))
		}
	})
}

func FuzzTemplate(f *testing.F) {
	f.Add(`{"labels":["team"],"annotations":["a"]}`, "team", "example.com/a")
	f.Add(`{"annotations":["openai.crossplane.io/key-id","openai.crossplane.io/retiring-keys"],"labels":["openai.crossplane.io/project-api-key-uid"]}`, "openai.crossplane.io/project-api-key-uid", "openai.crossplane.io/key-id")
	f.Add(`null`, "", "")
	f.Add(`[1`, "a", "b")
	f.Fuzz(func(t *testing.T, former, label, annotation string) {
		if !utf8.ValidString(annotation) {
			t.Skip("the API server accepts no such name")
		}
		s := annotated(map[string]string{annotationAppliedTemplate: former, annotationKeyID: "key_1", annotationRetiringKeys: "{}"})
		s.Labels = map[string]string{labelOwner: "uid-1", "team": "theirs"}
		made := template{labels: withoutProviderPrefix(map[string]string{label: "x"}), annotations: withoutProviderPrefix(map[string]string{annotation: "y"})}
		made.apply(s)
		if s.Annotations[annotationKeyID] != "key_1" || s.Annotations[annotationRetiringKeys] != "{}" || s.Labels[labelOwner] != "uid-1" {
			t.Errorf("a template took state annotations off: %v %v", s.Labels, s.Annotations)
		}
		if !made.holds(s) {
			t.Errorf("a template that was applied does not hold: %v %v", s.Labels, s.Annotations)
		}
		template{}.apply(s)
		if _, kept := s.Annotations[annotation]; kept && !strings.HasPrefix(annotation, annotationPrefix) {
			t.Errorf("annotation %q outlives its template", annotation)
		}
	})
}
