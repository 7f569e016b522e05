// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/clusteridentity"
	"github.com/crossplane-contrib/provider-openai/internal/jwks"
)

// testKey is a key whose text depends on its ID and a variant.
func testKey(id string) jwks.Key {
	id, variant, _ := strings.Cut(id, "/")
	x, y := "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
	if variant != "" {
		x, y = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
	}
	keys, err := jwks.Parse(fmt.Appendf(nil, `{"keys":[{"kid":%q,"kty":"EC","crv":"P-256","x":%q,"y":%q}]}`, id, x, y))
	if err != nil {
		panic(err)
	}
	return keys[0]
}

func testKeys(ids string) (all []jwks.Key) {
	for id := range strings.FieldsSeq(ids) {
		all = append(all, testKey(id))
	}
	return all
}

func idsOf(keys []jwks.Key) string {
	var all []string
	for _, k := range keys {
		id := k.ID
		if k.Thumbprint != testKey(id).Thumbprint {
			id += "/other"
		}
		all = append(all, id)
	}
	return strings.Join(all, " ")
}

// TestKeysAreUploadedAndRetired shows, for what the cluster publishes, what OpenAI has and what the status
// recorded, which keys OpenAI should have.
func TestKeysAreUploadedAndRetired(t *testing.T) {
	now := metav1.NewTime(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	ago := func(d time.Duration) *metav1.Time { return new(metav1.NewTime(now.Add(-d))) }
	record := func(id string, unpublishedSince *metav1.Time) v1alpha1.SigningKey {
		k := testKey(id)
		return v1alpha1.SigningKey{ID: k.ID, Thumbprint: k.Thumbprint, Since: *ago(72 * time.Hour), UnpublishedSince: unpublishedSince}
	}
	type result struct{ Union, Missing, Unknown, Retiring string }
	cases := map[string]struct {
		reason     string
		given      bool
		published  string
		observed   string
		recorded   []v1alpha1.SigningKey
		followedBy string
		want       result
		// former are keys that the cluster was seen to publish, an hour ago and two days ago.
		former, longFormer string
	}{
		"Same":              {"Nothing is to be done.", false, "1", "1", []v1alpha1.SigningKey{record("1", nil)}, "uid", result{Union: "1"}, "", ""},
		"Published":         {"It may sign the next token.", false, "1 2", "1", []v1alpha1.SigningKey{record("1", nil)}, "uid", result{Union: "1 2", Missing: "2"}, "", ""},
		"SignsAtOnce":       {"Tokens of the former key live on.", false, "2", "1", []v1alpha1.SigningKey{record("1", nil)}, "uid", result{Union: "2 1", Missing: "2", Retiring: "1"}, "", ""},
		"NotPublishedAny":   {"Another API server may publish it still.", false, "2", "1 2", []v1alpha1.SigningKey{record("1", nil), record("2", nil)}, "uid", result{Union: "2 1", Retiring: "1"}, "", ""},
		"StillRetiring":     {"Its time is not over.", false, "2", "1 2", []v1alpha1.SigningKey{record("1", ago(23*time.Hour)), record("2", nil)}, "uid", result{Union: "2 1", Retiring: "1"}, "", ""},
		"Retired":           {"No token of it can be valid.", false, "2", "1 2", []v1alpha1.SigningKey{record("1", ago(24*time.Hour)), record("2", nil)}, "uid", result{Union: "2", Retiring: "1"}, "", ""},
		"PublishedAgain":    {"The other API server was asked.", false, "1 2", "1 2", []v1alpha1.SigningKey{record("1", ago(23*time.Hour)), record("2", nil)}, "uid", result{Union: "1 2"}, "", ""},
		"OfSomebodyElse":    {"Whoever has its private half could be any pod.", false, "1", "1 evil", []v1alpha1.SigningKey{record("1", nil)}, "uid", result{Union: "1", Unknown: "evil"}, "", ""},
		"Exchanged":         {"The kid is the cluster's, and the key is not.", false, "1", "1/evil", []v1alpha1.SigningKey{record("1", nil)}, "uid", result{Union: "1", Missing: "1", Unknown: "1"}, "", ""},
		"RetiringExchanged": {"A retiring key is known by more than its kid.", false, "2", "1/evil 2", []v1alpha1.SigningKey{record("1", ago(time.Hour)), record("2", nil)}, "uid", result{Union: "2", Unknown: "1"}, "", ""},
		"NothingRecorded":   {"After a restore, nobody knows which keys the cluster published before.", false, "2", "1 2", nil, "", result{Union: "2 1", Retiring: "1"}, "", ""},
		"NothingAtOpenAI":   {"Somebody removed them.", false, "1 2", "", []v1alpha1.SigningKey{record("1", nil)}, "uid", result{Union: "1 2", Missing: "1 2"}, "", ""},
		"Copied":            {"The keys in the status are another cluster's.", false, "2", "1", []v1alpha1.SigningKey{record("1", nil)}, "uid-of-the-original", result{Union: "2", Missing: "2", Unknown: "1"}, "", ""},
		"FormerlyGiven":     {"Whoever has the given key is no pod of this cluster.", false, "2", "1 2", []v1alpha1.SigningKey{record("1", nil), record("2", nil)}, "", result{Union: "2", Unknown: "1"}, "", ""},
		"NothingInCommon":   {"They are another cluster's.", false, "2", "1", nil, "", result{Union: "2", Missing: "2", Unknown: "1"}, "", ""},
		"Given":             {"The spec says which, exactly.", true, "1", "1 2", []v1alpha1.SigningKey{record("1", nil), record("2", nil)}, "uid", result{Union: "1", Unknown: "2"}, "", ""},
		"NotRecorded":       {"It was uploaded, and the status could not be written.", false, "2", "1 2", []v1alpha1.SigningKey{record("2", nil)}, "uid", result{Union: "2 1", Retiring: "1"}, "1", ""},
		"AddedAgain":        {"It was retired, and whoever stole it has the admin key.", false, "2", "1 2", []v1alpha1.SigningKey{record("2", nil)}, "uid", result{Union: "2", Retiring: "1"}, "", "1"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cr := &v1alpha1.WorkloadIdentityProvider{}
			cr.Spec.ForProvider.Verification = &v1alpha1.Verification{}
			cr.SetUID("uid")
			cr.Status.AtProvider.Keys = tc.recorded
			if len(tc.recorded) > 0 {
				cr.Status.AtProvider.FollowedBy = tc.followedBy
			}
			set, err := json.Marshal(jwks.Set(testKeys(tc.observed)))
			if err != nil {
				t.Fatal(err)
			}
			d := &desiredProvider{now: now, follows: !tc.given, uploads: true, keys: testKeys(tc.published), retireAfter: defaultRetireKeysAfter}
			for _, k := range testKeys(tc.former) {
				d.identity.Former = append(d.identity.Former, clusteridentity.FormerKey{Key: k, Since: ago(time.Hour).Time})
			}
			for _, k := range testKeys(tc.longFormer) {
				d.identity.Former = append(d.identity.Former, clusteridentity.FormerKey{Key: k, Since: ago(48 * time.Hour).Time})
			}
			o := &identityProvider{JWKS: set, Verification: verificationUploaded}
			d.setLocal(cr, o)
			got := result{Union: idsOf(d.union), Missing: strings.Join(o.MissingKeys, " "), Unknown: strings.Join(o.UnknownKeys, " ")}
			for _, k := range o.Keys {
				if k.RetiresAt != nil {
					got.Retiring += k.ID
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("\n%s\nsetLocal: -want, +got:\n%s", tc.reason, diff)
			}
			differ := sortedFields(idsOf(d.union)) != sortedFields(idsOf(d.observed))
			if changes := d.diff(cr, o); (len(changes) > 0) != differ {
				t.Errorf("\n%s\nthe differences are %v, and that the keys differ is %t", tc.reason, changes, differ)
			}
			if o.JWKS != nil {
				t.Error("the keys would be in the status")
			}
		})
	}
}

func sortedFields(s string) string { return fmt.Sprint(sorted(strings.Fields(s))) }
