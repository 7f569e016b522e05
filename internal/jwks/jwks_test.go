// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package jwks_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/internal/jwks"
)

const (
	ec  = `"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"`
	rsa = `"kty":"RSA","e":"AQAB","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"`
	// rsaThumbprint is the example of RFC 7638, 3.1.
	rsaThumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
)

func TestParseAcceptsWhatOpenAIAccepts(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		set    string
		want   []string
		err    string
	}{
		"Two":              {"They are sorted by ID.", `{"keys":[{"kid":"b",` + rsa + `},{"kid":"a",` + ec + `}]}`, []string{"a", "b"}, ""},
		"NoJSON":           {"A user may give PEM.", "-----BEGIN PUBLIC KEY-----", nil, "no JSON Web Key Set"},
		"NoKeys":           {"OpenAI could verify nothing.", `{"keys":[]}`, nil, "no keys"},
		"OneKey":           {"It is a key and no set.", `{"kid":"a",` + ec + `}`, nil, "no JSON Web Key Set"},
		"WithoutID":        {"OpenAI chooses the key by the kid of the token.", `{"keys":[{` + ec + `}]}`, nil, "no kid"},
		"SameID":           {"OpenAI refuses it.", `{"keys":[{"kid":"a",` + rsa + `},{"kid":"a",` + ec + `}]}`, nil, `two keys have the kid "a"`},
		"Private":          {"A private key must not leave the cluster.", `{"keys":[{"kid":"a","d":"c2VjcmV0",` + ec + `}]}`, nil, "private key"},
		"PrivateEscaped":   {"The API server's rule does not see through escapes.", `{"keys":[{"kid":"a","\u0064":"c2VjcmV0",` + ec + `}]}`, nil, "private key"},
		"Symmetric":        {"Whoever verifies with it can sign with it.", `{"keys":[{"kid":"a","kty":"oct","k":"c2VjcmV0"}]}`, nil, "private key"},
		"PointOffTheCurve": {"It verifies nothing.", `{"keys":[{"kid":"a","kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}]}`, nil, "no valid"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keys, err := jwks.Parse([]byte(tc.set))
			var ids []string
			for _, k := range keys {
				ids = append(ids, k.ID)
			}
			if diff := cmp.Diff(tc.want, ids); diff != "" {
				t.Errorf("\n%s\nParse: -want, +got:\n%s", tc.reason, diff)
			}
			if (err == nil) != (tc.err == "") || err != nil && (!strings.Contains(err.Error(), tc.err) || strings.Contains(err.Error(), "c2VjcmV0")) {
				t.Errorf("\n%s\nParse: got error %v, want %q in it, and no key", tc.reason, err, tc.err)
			}
		})
	}
}

func TestAKeyIsTheSameHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	keys, err := jwks.Parse([]byte(`{"keys":[{"use":"sig","kid":"a","extra":{"any":1},` + rsa + `}]}`))
	if err != nil {
		t.Fatal(err)
	}
	replied := jwks.ParseReply([]byte(`{"keys":[{` + rsa + `, "kid": "a"}]}`))
	if got := []string{keys[0].Thumbprint, replied[0].Thumbprint}; got[0] != rsaThumbprint || got[1] != rsaThumbprint {
		t.Errorf("got the thumbprints %q, want %q twice", got, rsaThumbprint)
	}
}

func TestAReplyMayHaveKeysThatCannotBeRead(t *testing.T) {
	t.Parallel()
	got := jwks.ParseReply([]byte(`{"keys":[{"kid":"b","kty":"new"},{"kid":"a",` + ec + `}]}`))
	if len(got) != 2 || got[0].ID != "a" || got[0].Thumbprint == "" || got[1].ID != "b" || got[1].Thumbprint != "" {
		t.Errorf("got %+v, want both, the unknown one without a thumbprint", got)
	}
	if got := jwks.ParseReply([]byte(`<html>`)); got != nil {
		t.Errorf("got %+v of a page, want nothing", got)
	}
}
