// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// signatureAlgorithms are those that subject tokens may be signed with. OpenAI documents a
// "supported alg" only.
var signatureAlgorithms = []jose.SignatureAlgorithm{
	jose.RS256, jose.RS384, jose.RS512, jose.ES256, jose.ES384, jose.ES512, jose.PS256,
}

// clockSkew is how far in the future a subject token may be issued. A token that has
// expired has no such leeway. Both are undocumented.
const clockSkew = time.Minute

// A subjectToken is a JWT that has been read and not yet verified.
type subjectToken struct {
	keyID, algorithm string
	jws              *jose.JSONWebSignature
}

// readSubjectToken returns errors without the token's text.
func readSubjectToken(text string) (subjectToken, error) {
	jws, err := jose.ParseSignedCompact(text, signatureAlgorithms)
	var unexpected *jose.ErrUnexpectedSignatureAlgorithm
	switch {
	case errors.As(err, &unexpected):
		return subjectToken{}, fmt.Errorf("the subject token has the alg %q, which is not supported", unexpected.Got)
	case err != nil:
		return subjectToken{}, errors.New("the subject token is no signed JWT")
	}
	header := jws.Signatures[0].Protected
	if header.KeyID == "" {
		return subjectToken{}, errors.New("the subject token has no kid")
	}
	return subjectToken{keyID: header.KeyID, algorithm: header.Algorithm, jws: jws}, nil
}

// verify the signature, and return the claims.
func (t subjectToken) verify(keys keySet) (map[string]any, error) {
	key, err := keys.find(t.keyID)
	if err != nil {
		return nil, err
	}
	if key.Algorithm != "" && key.Algorithm != t.algorithm {
		return nil, fmt.Errorf("key %q is for the alg %q, the subject token has %q", t.keyID, key.Algorithm, t.algorithm)
	}
	payload, err := t.jws.Verify(key)
	if err != nil {
		return nil, fmt.Errorf("key %q did not sign the subject token", t.keyID)
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		return nil, errors.New("the claims of the subject token are no JSON object")
	}
	return claims, nil
}

// checkClaims checks whom a token is from and for, and when it is valid. It returns when
// the token expires.
func checkClaims(claims map[string]any, p identityProvider, now time.Time) (expiry time.Time, err error) {
	issuer, _ := claims["iss"].(string)
	if strings.TrimSuffix(issuer, "/") != strings.TrimSuffix(p.Issuer, "/") {
		return expiry, fmt.Errorf("the subject token has the iss %q, want %q", issuer, p.Issuer)
	}
	if !slices.Contains(audiences(claims["aud"]), p.Audience) {
		return expiry, fmt.Errorf("the subject token has the aud %q, want %q", audiences(claims["aud"]), p.Audience)
	}
	if subject, _ := claims["sub"].(string); subject == "" {
		return expiry, errors.New("the subject token has no sub")
	}
	expiry, ok := numericDate(claims["exp"])
	if !ok {
		return expiry, errors.New("the subject token has no exp")
	}
	issued, ok := numericDate(claims["iat"])
	if !ok {
		return expiry, errors.New("the subject token has no iat")
	}
	notBefore, limited := numericDate(claims["nbf"])
	switch {
	case !now.Before(expiry):
		return expiry, fmt.Errorf("the subject token expired at %s", expiry.UTC().Format(time.RFC3339))
	case issued.After(now.Add(clockSkew)):
		return expiry, fmt.Errorf("the subject token is issued at %s only", issued.UTC().Format(time.RFC3339))
	case limited && notBefore.After(now.Add(clockSkew)):
		return expiry, fmt.Errorf("the subject token is not valid before %s", notBefore.UTC().Format(time.RFC3339))
	}
	return expiry, nil
}

// audiences are those of an aud claim, which is a string or a list of strings.
func audiences(claim any) []string {
	list, isList := claim.([]any)
	if !isList {
		list = []any{claim}
	}
	var names []string
	for _, v := range list {
		if name, ok := v.(string); ok {
			names = append(names, name)
		}
	}
	return names
}

// numericDate reads a time in seconds (RFC 7519), with at most the precision of a millisecond.
func numericDate(claim any) (time.Time, bool) {
	seconds, ok := claim.(float64)
	if !ok || math.Abs(seconds) > math.MaxInt32*1000 {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(seconds * 1000)), true
}
