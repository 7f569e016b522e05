// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// Keys of the Secret's data, named as OpenAI's SDKs expect them in the environment, so that a
// consumer needs nothing but envFrom.
const (
	dataAPIKey       = "OPENAI_API_KEY"
	dataProject      = "OPENAI_PROJECT_ID"
	dataOrganization = "OPENAI_ORG_ID"
	dataBaseURL      = "OPENAI_BASE_URL"
)

// detailKeys are those beside the key itself.
var detailKeys = []string{dataProject, dataOrganization, dataBaseURL}

const annotationPrefix = "openai.crossplane.io/"

// State annotations of the Secret. They are written together with the value, so that the two cannot
// disagree.
const (
	annotationKeyID                 = annotationPrefix + "key-id"
	annotationKeySerial             = annotationPrefix + "key-serial"
	annotationProjectID             = annotationPrefix + "project-id"
	annotationServiceAccountID      = annotationPrefix + "service-account-id"
	annotationIssuedAt              = annotationPrefix + "issued-at"
	annotationIssuedAtOpenAI        = annotationPrefix + "issued-at-openai"
	annotationGrantedLifetime       = annotationPrefix + "granted-lifetime"
	annotationPendingSerial         = annotationPrefix + "pending-serial"
	annotationAppliedName           = annotationPrefix + "applied-name"
	annotationAppliedScopes         = annotationPrefix + "applied-scopes"
	annotationAppliedExpiresIn      = annotationPrefix + "applied-expires-in"
	annotationScopesAppliedAt       = annotationPrefix + "scopes-applied-at"
	annotationAppliedTrigger        = annotationPrefix + "applied-trigger"
	annotationAppliedRotateRequest  = annotationPrefix + "applied-rotate-request"
	annotationAppliedRevokeRetiring = annotationPrefix + "applied-revoke-retiring"
	annotationUnknownKeyIDs         = annotationPrefix + "unknown-key-ids"
	annotationAppliedTemplate       = annotationPrefix + "applied-secret-template"
	annotationRetiringKeys          = annotationPrefix + "retiring-keys"
	annotationPreviousSecret        = annotationPrefix + "previous-secret"
)

// annotationSecret of a Secret is its own namespace and name. A copy of the Secret has that of the
// original.
const annotationSecret = annotationPrefix + "secret"

// labelOwner of a Secret is the UID of its ProjectAPIKey. The Secret is found by it after its name
// in the spec has changed.
const labelOwner = annotationPrefix + "project-api-key-uid"

// annotationAdopted of a ProjectAPIKey is its owner hash, a slash, and the ID of the key that it
// adopted: a copy of the object adopts nothing. It outlives the
// Secret, so that the key is revoked with the object even if the Secret went first.
const annotationAdopted = annotationPrefix + "adopted-key"

// annotationRotateRequested of a ProjectAPIKey requests a rotation whenever it is set to another
// text, such as the time. Users set it by hand where Git owns the spec.
const annotationRotateRequested = annotationPrefix + "rotate-requested-at"

// annotationRevokeRetiring of a ProjectAPIKey requests that retiring keys are revoked now: those
// whose IDs it lists, or all of them when it is set to another text that begins with all.
const annotationRevokeRetiring = annotationPrefix + "revoke-retiring"

// scopesAsFound stands for the unknown scopes of an adopted key.
const scopesAsFound = "as-found"

// A keyState is what the state annotations of a Secret hold.
type keyState struct {
	// keyID of the current key, whose value the Secret holds; empty before the first one is stored.
	keyID   string
	project string
	account string

	// issued is when the key was created, by the provider's own clock.
	issued time.Time

	// issuedAtOpenAI is the same by OpenAI's clock, as in the Date header of its replies; zero: not
	// known.
	issuedAtOpenAI time.Time

	// grantedLifetime is the lifetime that OpenAI gave the key when it was created or its expiry
	// was last changed; 0: it does not expire, or that is not known.
	grantedLifetime time.Duration

	// serial is the highest of any key so far.
	serial int

	// pending is the serial of a key that is being issued; 0 if none is.
	pending int

	// What was applied to the key last. OpenAI does not return all of it, or in another form.
	name            string
	scopes          string
	scopesAppliedAt time.Time
	expiresIn       time.Duration
	trigger         string
	rotateRequest   string

	// revokeRetiring is the early revocation that was carried out last, and unknownIDs are the IDs
	// in it that were of no key of the object.
	revokeRetiring, unknownIDs string

	// retiring keys, by ID.
	retiring map[string]retiringKey

	// previousSecret is the name of the Secret that this one replaces, until that is deleted.
	previousSecret string
}

// A retiringKey was replaced and is still valid.
type retiringKey struct {
	// ReplacedAt is when its successor was issued; nil: not known.
	ReplacedAt *time.Time `json:"replacedAt,omitempty"`

	// RevokeAt is when its overlap is over.
	RevokeAt time.Time `json:"revokeAt"`

	// Expires reports whether OpenAI lets it expire by then even if nobody revokes it.
	Expires bool `json:"expires,omitempty"`

	// Unplanned reports whether its successor was issued without a schedule or a request.
	Unplanned bool `json:"unplanned,omitempty"`

	// Requested reports whether a user requested its successor.
	Requested bool `json:"requested,omitempty"`

	// NotFound reports whether OpenAI does not find it. If that is wrong, it is listed again and
	// retires like others.
	NotFound bool `json:"notFound,omitempty"`
}

// readKeyState reads the state annotations of a Secret, which may be nil.
func readKeyState(s *corev1.Secret) (keyState, error) {
	state := keyState{retiring: map[string]retiringKey{}}
	if s == nil {
		return state, nil
	}
	a := s.GetAnnotations()
	state.previousSecret = previousSecretName(a[annotationPreviousSecret])
	readers := map[string]func(v string) error{
		annotationKeyID:                 readID(&state.keyID),
		annotationProjectID:             readID(&state.project),
		annotationServiceAccountID:      readText(&state.account),
		annotationAppliedName:           readText(&state.name),
		annotationAppliedScopes:         readText(&state.scopes),
		annotationAppliedTrigger:        readText(&state.trigger),
		annotationAppliedRotateRequest:  readSanitized(&state.rotateRequest),
		annotationAppliedRevokeRetiring: readSanitized(&state.revokeRetiring),
		annotationUnknownKeyIDs:         readSanitized(&state.unknownIDs),
		annotationKeySerial:             readNumber(&state.serial),
		annotationPendingSerial:         readNumber(&state.pending),
		annotationIssuedAt:              readTime(&state.issued),
		annotationIssuedAtOpenAI:        readTime(&state.issuedAtOpenAI),
		annotationGrantedLifetime:       readDuration(&state.grantedLifetime),
		annotationScopesAppliedAt:       readTime(&state.scopesAppliedAt),
		annotationAppliedExpiresIn:      readDuration(&state.expiresIn),
		annotationRetiringKeys:          func(v string) (err error) { state.retiring, err = readRetiring(v); return err },
	}
	// Sorted, so that the error is the same each time.
	for _, key := range slices.Sorted(maps.Keys(readers)) {
		v, ok := a[key]
		if !ok {
			continue
		}
		if err := readers[key](v); err != nil {
			return keyState{}, terminal.Errorf("annotation %q of Secret %q was changed by hand and cannot be read: remove it, and it is restored as far as the status shows: %w", key, s.Namespace+"/"+s.Name, err)
		}
	}
	return state, nil
}

// write the state annotations to a Secret.
func (state keyState) write(s *corev1.Secret) {
	a := s.GetAnnotations()
	if a == nil {
		a = map[string]string{}
	}
	set := func(key, value string, ok bool) {
		if !ok {
			delete(a, key)
			return
		}
		a[key] = value
	}
	set(annotationKeyID, state.keyID, state.keyID != "")
	set(annotationKeySerial, strconv.Itoa(state.serial), state.serial != 0)
	set(annotationProjectID, state.project, state.project != "")
	set(annotationServiceAccountID, state.account, state.account != "")
	set(annotationIssuedAt, state.issued.UTC().Format(time.RFC3339), !state.issued.IsZero())
	set(annotationIssuedAtOpenAI, state.issuedAtOpenAI.UTC().Format(time.RFC3339), !state.issuedAtOpenAI.IsZero())
	set(annotationGrantedLifetime, state.grantedLifetime.String(), state.grantedLifetime != 0)
	set(annotationPendingSerial, strconv.Itoa(state.pending), state.pending != 0)
	set(annotationAppliedName, state.name, state.name != "")
	set(annotationAppliedScopes, state.scopes, state.scopes != "")
	set(annotationAppliedExpiresIn, state.expiresIn.String(), state.expiresIn != 0)
	set(annotationScopesAppliedAt, state.scopesAppliedAt.UTC().Format(time.RFC3339), !state.scopesAppliedAt.IsZero())
	set(annotationAppliedTrigger, state.trigger, state.trigger != "")
	set(annotationAppliedRotateRequest, state.rotateRequest, state.rotateRequest != "")
	set(annotationAppliedRevokeRetiring, state.revokeRetiring, state.revokeRetiring != "")
	set(annotationUnknownKeyIDs, state.unknownIDs, state.unknownIDs != "")
	set(annotationPreviousSecret, state.previousSecret, state.previousSecret != "")
	retiring, _ := json.Marshal(state.retiring) //nolint:errchkjson // Times from this API marshal.
	set(annotationRetiringKeys, string(retiring), len(state.retiring) > 0)
	s.SetAnnotations(a)
}
