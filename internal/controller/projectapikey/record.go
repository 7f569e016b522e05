// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// Keys of the Secret's data, named as OpenAI's SDKs expect them in the
// environment, so that envFrom is all that a consumer needs.
const (
	dataAPIKey       = "OPENAI_API_KEY"
	dataProject      = "OPENAI_PROJECT_ID"
	dataOrganization = "OPENAI_ORG_ID"
	dataBaseURL      = "OPENAI_BASE_URL"
)

// detailKeys are those that tell how to use the key.
var detailKeys = []string{dataProject, dataOrganization, dataBaseURL}

const annotationPrefix = "openai.crossplane.io/"

// Annotations of the Secret. They change in the same write as the value, so that
// the two cannot disagree.
const (
	annotationKeyID     = annotationPrefix + "key-id"
	annotationSerial    = annotationPrefix + "key-serial"
	annotationProject   = annotationPrefix + "project-id"
	annotationAccount   = annotationPrefix + "service-account-id"
	annotationIssued    = annotationPrefix + "issued-at"
	annotationBorn      = annotationPrefix + "issued-at-openai"
	annotationGranted   = annotationPrefix + "granted-lifetime"
	annotationPending   = annotationPrefix + "pending-serial"
	annotationName      = annotationPrefix + "applied-name"
	annotationScopes    = annotationPrefix + "applied-scopes"
	annotationExpiresIn = annotationPrefix + "applied-expires-in"
	annotationAsserted  = annotationPrefix + "scopes-applied-at"
	annotationTrigger   = annotationPrefix + "applied-trigger"
	annotationRequested = annotationPrefix + "applied-rotate-request"
	annotationRevoked   = annotationPrefix + "applied-revoke-request"
	annotationUnheeded  = annotationPrefix + "unknown-key-ids"
	annotationTemplate  = annotationPrefix + "applied-secret-template"
	annotationRetiring  = annotationPrefix + "retiring-keys"
	annotationFormer    = annotationPrefix + "previous-secret"
)

// annotationSecret of a Secret is its own namespace and name. Those of a copy that somebody
// made tell of the original.
const annotationSecret = annotationPrefix + "secret"

// labelOwner of a Secret is the UID of its ProjectAPIKey. It finds the Secret when
// its name in the spec has changed.
const labelOwner = annotationPrefix + "project-api-key-uid"

// annotationAdopted of a ProjectAPIKey is the ID of the key that it took over. It
// outlives the Secret, so that the key is revoked with the object even if the
// Secret went first.
const annotationAdopted = annotationPrefix + "adopted-key"

// annotationRotateRequested of a ProjectAPIKey has its key replaced whenever it is set to
// another text, such as the time. Users set it by hand where Git owns the spec.
const annotationRotateRequested = annotationPrefix + "rotate-requested-at"

// annotationRevokeRetiring of a ProjectAPIKey has keys that retire revoked now: those
// whose IDs it lists, or all that retire when it is set to another text that begins with
// all.
const annotationRevokeRetiring = annotationPrefix + "revoke-retiring"

// scopesAsFound stands for the unknown scopes of an adopted key.
const scopesAsFound = "as-found"

// A record is the bookkeeping of a Secret.
type record struct {
	// keyID of the key whose value the Secret holds; empty before the first commit.
	keyID   string
	project string
	account string

	// issued is when the key was made, by the provider's own clock.
	issued time.Time

	// born is the same by OpenAI's clock, as the Date of its replies tells it; zero: not
	// known.
	born time.Time

	// granted is the life that OpenAI gave the key when it was made or its expiry was last
	// moved; 0: it does not expire, or that is not known.
	granted time.Duration

	// serial is the highest of any key so far.
	serial int

	// pending is the serial of a key that is being minted; 0 if none is.
	pending int

	// What was applied to the key last, since OpenAI does not tell, or may tell in
	// another form.
	name      string
	scopes    string
	asserted  time.Time
	expiresIn time.Duration
	trigger   string
	requested string

	// revoked is the request to revoke retiring keys that was served last, and unheeded the
	// IDs in it that were of no key that retires or is in use.
	revoked, unheeded string

	// retiring keys, by ID.
	retiring map[string]retiree

	// former Secret, which this one replaces, until it is deleted.
	former string
}

// A retiree is a key that was replaced.
type retiree struct {
	// ReplacedAt is when its successor was issued; nil: not known.
	ReplacedAt *time.Time `json:"replacedAt,omitempty"`

	// RevokeAt is when its overlap is over.
	RevokeAt time.Time `json:"revokeAt"`

	// Expires tells that OpenAI lets it expire by then even if nobody revokes it.
	Expires bool `json:"expires,omitempty"`

	// Unplanned tells that it was replaced although nobody asked for that.
	Unplanned bool `json:"unplanned,omitempty"`

	// Requested reports that a user asked for its successor.
	Requested bool `json:"requested,omitempty"`

	// Gone tells that OpenAI answered that it does not exist when it was replaced. Should
	// that have been wrong, it shows up again and retires like others.
	Gone bool `json:"gone,omitempty"`
}

// readRecord reads the bookkeeping of a Secret, which may be nil.
func readRecord(s *corev1.Secret) (record, error) {
	r := record{retiring: map[string]retiree{}}
	if s == nil {
		return r, nil
	}
	a := s.GetAnnotations()
	r.former = formerName(a[annotationFormer])
	readers := map[string]func(v string) error{
		annotationKeyID:     readID(&r.keyID),
		annotationProject:   readID(&r.project),
		annotationAccount:   readText(&r.account),
		annotationName:      readText(&r.name),
		annotationScopes:    readText(&r.scopes),
		annotationTrigger:   readText(&r.trigger),
		annotationRequested: readTold(&r.requested),
		annotationRevoked:   readTold(&r.revoked),
		annotationUnheeded:  readTold(&r.unheeded),
		annotationSerial:    readNumber(&r.serial),
		annotationPending:   readNumber(&r.pending),
		annotationIssued:    readTime(&r.issued),
		annotationBorn:      readTime(&r.born),
		annotationGranted:   readDuration(&r.granted),
		annotationAsserted:  readTime(&r.asserted),
		annotationExpiresIn: readDuration(&r.expiresIn),
		annotationRetiring:  func(v string) (err error) { r.retiring, err = readRetiring(v); return err },
	}
	// In order, so that the error is the same each time.
	for _, key := range slices.Sorted(maps.Keys(readers)) {
		v, ok := a[key]
		if !ok {
			continue
		}
		if err := readers[key](v); err != nil {
			return record{}, terminal.Errorf("annotation %q of Secret %q was changed by hand and cannot be read: remove it, and it is restored as far as the status tells: %w", key, s.Namespace+"/"+s.Name, err)
		}
	}
	return r, nil
}

// equal reports whether two records say the same.
func (r record) equal(o record) bool { return reflect.DeepEqual(r, o) }

// write the bookkeeping to a Secret.
func (r record) write(s *corev1.Secret) {
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
	set(annotationKeyID, r.keyID, r.keyID != "")
	set(annotationSerial, strconv.Itoa(r.serial), r.serial != 0)
	set(annotationProject, r.project, r.project != "")
	set(annotationAccount, r.account, r.account != "")
	set(annotationIssued, r.issued.UTC().Format(time.RFC3339), !r.issued.IsZero())
	set(annotationBorn, r.born.UTC().Format(time.RFC3339), !r.born.IsZero())
	set(annotationGranted, r.granted.String(), r.granted != 0)
	set(annotationPending, strconv.Itoa(r.pending), r.pending != 0)
	set(annotationName, r.name, r.name != "")
	set(annotationScopes, r.scopes, r.scopes != "")
	set(annotationExpiresIn, r.expiresIn.String(), r.expiresIn != 0)
	set(annotationAsserted, r.asserted.UTC().Format(time.RFC3339), !r.asserted.IsZero())
	set(annotationTrigger, r.trigger, r.trigger != "")
	set(annotationRequested, r.requested, r.requested != "")
	set(annotationRevoked, r.revoked, r.revoked != "")
	set(annotationUnheeded, r.unheeded, r.unheeded != "")
	set(annotationFormer, r.former, r.former != "")
	retiring, _ := json.Marshal(r.retiring) //nolint:errchkjson // Times from this API marshal.
	set(annotationRetiring, string(retiring), len(r.retiring) > 0)
	s.SetAnnotations(a)
}
