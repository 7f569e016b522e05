// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/clusteridentity"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/jwks"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// namespaceAttribute is the derived attribute that keeps rules of this cluster to their namespaces.
var namespaceAttribute = v1alpha1.ObservedTransformation{
	Attribute:  "kubernetes_namespace",
	Expression: "assertion['kubernetes.io'].namespace",
}

// defaultRetireKeysAfter is the default of spec.forProvider.verification.thisCluster.retireKeysAfter.
const defaultRetireKeysAfter = 24 * time.Hour

// defaultJWKSKey is the default of spec.forProvider.verification.uploadedJWKS.configMapKeyRef.key.
const defaultJWKSKey = "jwks.json"

// A desiredProvider is the desired state of a workload identity provider: its spec, and what that refers to.
type desiredProvider struct {
	now      metav1.Time
	identity clusteridentity.Identity
	// err is why what the spec refers to is not known; nil: it is.
	err error

	issuer string
	// follows reports that issuer and keys are this cluster's.
	follows     bool
	retireAfter time.Duration
	// transformations of the spec; nil: those that are there.
	transformations []v1alpha1.ObservedTransformation

	// uploads reports that keys are uploaded: those that the cluster publishes or the spec gives.
	uploads bool
	keys    []jwks.Key
	// url is where OpenAI reads keys that are not uploaded.
	url string

	// replaces reports that the issuer and keys of another cluster may be replaced.
	replaces bool

	// What setLocal observed: whether the reply shows the verification, the keys that OpenAI has, and union those
	// that it should have, which may be more than keys.
	shown                  bool
	transformationsReplied bool
	observedIssuer         string
	observed, union        []jwks.Key
}

// errAudience is returned for an audience that would make OpenAI's tokens those of the API server.
var errAudience = terminal.Errorf("spec.forProvider.audience is the issuer of this cluster, which the API server accepts as an audience by default: whoever gets such a token could use the cluster; choose one such as openai, here and in the pods")

// desireProvider reads what a spec refers to.
func desireProvider(ctx context.Context, cl cluster, cr *v1alpha1.WorkloadIdentityProvider) *desiredProvider {
	p := cr.Spec.ForProvider
	d := &desiredProvider{now: metav1.NewTime(time.Now().UTC().Truncate(time.Second)), issuer: crud.Value(p.Issuer), follows: followsCluster(cr)}
	if p.AttributeTransformations != nil {
		d.transformations = []v1alpha1.ObservedTransformation{}
	}
	for _, t := range p.AttributeTransformations {
		d.transformations = append(d.transformations, v1alpha1.ObservedTransformation(t))
	}
	// Without it, nothing would keep rules to their namespaces.
	if d.identity, d.err = cl.identity.Identity(ctx); d.err != nil {
		return d
	}
	switch v := p.Verification; {
	case v == nil:
	case v.ThisCluster != nil:
		d.issuer, d.keys, d.uploads = d.identity.Issuer, d.identity.Keys, true
		d.retireAfter, d.replaces = defaultRetireKeysAfter, crud.Value(v.ThisCluster.ReplaceOtherCluster)
		if after := v.ThisCluster.RetireKeysAfter; after != nil {
			d.retireAfter = after.Duration
		}
	case v.Discovery != nil:
		d.url = crud.Value(v.Discovery.URL)
	case v.UploadedJWKS != nil:
		d.uploads = true
		d.keys, d.err = givenKeys(ctx, cl, cr.GetNamespace(), *v.UploadedJWKS)
	}
	if audience := crud.Value(p.Audience); audience != "" && d.identity.Issues(audience) {
		d.err = errAudience
	}
	return d
}

// transformationsFor a provider that has some. Those of the spec replace them; the attribute that keeps rules to their
// namespaces is added on this cluster's issuer, however its tokens are verified, and stays where rules may match it.
func (d *desiredProvider) transformationsFor(observed []v1alpha1.ObservedTransformation) []v1alpha1.ObservedTransformation {
	all := observed
	if d.transformations != nil {
		all = d.transformations
	}
	issuer := cmp.Or(d.issuer, d.observedIssuer)
	if d.identity.Issues(issuer) || slices.Contains(observed, namespaceAttribute) {
		all = slices.DeleteFunc(slices.Clone(all), func(t v1alpha1.ObservedTransformation) bool { return t.Attribute == namespaceAttribute.Attribute })
		all = append(all, namespaceAttribute)
	}
	all = slices.Clone(all)
	sortByAttribute(all)
	return all
}

// givenKeys are the keys that a spec gives, itself or in a ConfigMap.
func givenKeys(ctx context.Context, cl cluster, namespace string, from v1alpha1.UploadedJWKS) ([]jwks.Key, error) {
	if ref := from.ConfigMapKeyRef; ref != nil {
		cm := &corev1.ConfigMap{}
		if err := cl.reader.Get(ctx, types.NamespacedName{Namespace: namespace, Name: ref.Name}, cm); err != nil {
			return nil, fmt.Errorf("cannot read the ConfigMap of spec.forProvider.verification.uploadedJWKS.configMapKeyRef, which must be in the object's namespace: %w", err)
		}
		key := crud.ValueOr(ref.Key, defaultJWKSKey)
		text, ok := cm.Data[key]
		if !ok {
			return nil, terminal.IfLastingErrorf("ConfigMap %q has no entry %q: add the key set there, or correct spec.forProvider.verification.uploadedJWKS.configMapKeyRef", ref.Name, key)
		}
		keys, err := jwks.Parse([]byte(text))
		if err != nil {
			return nil, terminal.IfLastingErrorf("entry %q of ConfigMap %q is no key set that OpenAI accepts: %w", key, ref.Name, err)
		}
		return keys, nil
	}
	keys, err := jwks.Parse([]byte(crud.Value(from.Inline)))
	if err != nil {
		return nil, terminal.Errorf("spec.forProvider.verification.uploadedJWKS.inline is no key set that OpenAI accepts: %w", err)
	}
	return keys, nil
}

// setLocal compares the keys that OpenAI has with those that it should have.
func (d *desiredProvider) setLocal(cr *v1alpha1.WorkloadIdentityProvider, o *identityProvider) {
	d.shown = o.Verification == verificationDiscovery || o.Verification == verificationUploaded && o.JWKS != nil
	d.observed, d.observedIssuer, d.transformationsReplied = jwks.ParseReply(o.JWKS), o.Issuer, o.TransformationsReplied
	o.JWKS, o.TransformationsReplied = nil, false
	o.ThisCluster = d.identity.Issues(cmp.Or(o.Issuer, d.issuer))
	if d.err != nil || !d.shown {
		keepKeys(cr, o)
		return
	}
	o.FollowedBy = cr.Status.AtProvider.FollowedBy
	if d.follows && intersect(d.observed, d.keys) {
		o.FollowedBy = string(cr.GetUID())
	}
	d.compareKeys(cr.Status.AtProvider, o, string(cr.GetUID()))
	for _, k := range d.keys {
		if d.follows && !contains(d.observed, k) {
			o.MissingKeys = append(o.MissingKeys, k.ID)
		}
	}
}

// compareKeys decides about each key that OpenAI has. One that the cluster does not publish any more retires: another
// API server may publish it still, and tokens live on. Of a key that this object did not see published, nobody knows
// whose it is, but at first that is all of them.
func (d *desiredProvider) compareKeys(recorded identityProvider, o *identityProvider, uid string) {
	first := len(recorded.Keys) == 0
	retires := d.follows && o.FollowedBy != "" && (recorded.FollowedBy == uid || first)
	d.union = slices.Clone(d.keys)
	for _, k := range d.observed {
		record, known := d.recordOf(recorded.Keys, k)
		switch {
		case contains(d.keys, k):
			record.UnpublishedSince = nil
		case retires && k.Thumbprint != "" && (known || first):
			d.retire(&record)
			if record.RetiresAt.After(d.now.Time) && !hasID(d.keys, k.ID) {
				d.union = append(d.union, k)
			}
		case d.uploads:
			o.UnknownKeys = append(o.UnknownKeys, k.ID)
			continue
		}
		o.Keys = append(o.Keys, record)
	}
}

// keepKeys keeps what the status says of keys while that cannot be told.
func keepKeys(cr *v1alpha1.WorkloadIdentityProvider, o *identityProvider) {
	recorded := cr.Status.AtProvider
	o.Keys, o.MissingKeys, o.UnknownKeys = recorded.Keys, recorded.MissingKeys, recorded.UnknownKeys
	o.ThisCluster, o.FollowedBy = o.ThisCluster || recorded.ThisCluster, recorded.FollowedBy
	o.JWKS, o.TransformationsReplied = nil, false
}

// recordOf a key in the status, and whether it is known. The status may lack one of this cluster's: while API servers
// restart, it is read from a cache that lags, and cannot be written.
func (d *desiredProvider) recordOf(recorded []v1alpha1.SigningKey, k jwks.Key) (record v1alpha1.SigningKey, known bool) {
	for _, r := range recorded {
		if k.Is(r.ID, r.Thumbprint) {
			r.RetiresAt = nil
			return r, true
		}
	}
	record = v1alpha1.SigningKey{ID: k.ID, Thumbprint: k.Thumbprint, Since: d.now}
	for _, former := range d.identity.Former {
		if former.Same(k) {
			record.UnpublishedSince = new(metav1.NewTime(former.Since.UTC().Truncate(time.Second)))
			return record, true
		}
	}
	return record, false
}

// retire a key that the cluster does not publish.
func (d *desiredProvider) retire(record *v1alpha1.SigningKey) {
	if record.UnpublishedSince == nil {
		record.UnpublishedSince = &d.now
	}
	record.RetiresAt = new(metav1.NewTime(record.UnpublishedSince.Add(d.retireAfter)))
}

func contains(all []jwks.Key, k jwks.Key) bool {
	return slices.ContainsFunc(all, k.Same)
}

func intersect(a, b []jwks.Key) bool {
	return slices.ContainsFunc(a, func(k jwks.Key) bool { return contains(b, k) })
}

func hasID(all []jwks.Key, id string) bool {
	return slices.ContainsFunc(all, func(k jwks.Key) bool { return k.ID == id })
}

// checkCluster fails if the provider at OpenAI trusts another cluster, which this object did not have it do: a copy of
// the object in a second cluster must not cut off the first one.
func (d *desiredProvider) checkCluster(cr *v1alpha1.WorkloadIdentityProvider, id string) error {
	switch {
	case !d.follows, d.replaces, reconciler.Created(cr, id), cr.Status.AtProvider.FollowedBy == string(cr.GetUID()):
		return nil
	case !d.shown || d.observedIssuer == "":
		return adminapi.IncompleteItem("workload identity provider", id)
	case !d.identity.Issues(d.observedIssuer):
		return terminal.Errorf("the issuer of %q is %q, another cluster's, and this object did not create it: remove its external name to create another provider, or set verification.thisCluster.replaceOtherCluster to true if this cluster replaces the other one", id, d.observedIssuer)
	case len(d.observed) > 0 && !intersect(d.observed, d.keys):
		return terminal.Errorf("%q has the keys of another cluster, and this object did not create it: remove its external name to create another provider, or set verification.thisCluster.replaceOtherCluster to true if this cluster replaces the other one", id)
	}
	return nil
}

func (d *desiredProvider) diff(cr *v1alpha1.WorkloadIdentityProvider, o *identityProvider) []reconciler.Change {
	p := cr.Spec.ForProvider
	all := []*reconciler.Change{
		crud.Difference("name", p.Name, o.Name), crud.Difference("description", p.Description, o.Description),
		differenceIfReplied("enabled", p.Enabled, o.Enabled),
	}
	if d.err != nil {
		// What cannot be known does not keep the provider from being disabled.
		return crud.Differences(all...)
	}
	all = append(all, crud.Difference("issuer", crud.NonEmpty(d.issuer), o.Issuer), crud.Difference("audience", p.Audience, o.Audience))
	if d.transformationsReplied || d.transformations != nil {
		all = append(all, crud.Difference(fieldTransformations, new(describeTransformations(d.transformationsFor(o.AttributeTransformations))), describeTransformations(o.AttributeTransformations)))
	}
	if p.Verification != nil && d.shown {
		all = append(all, crud.Difference(fieldVerification, new(describeVerification(d.uploads, d.union, d.url)), describeVerification(o.Verification == verificationUploaded, d.observed, o.DiscoveryURL)))
	}
	return crud.Differences(all...)
}

const (
	fieldTransformations = "attributeTransformations"
	fieldVerification    = "verification"
)

func describeTransformations(all []v1alpha1.ObservedTransformation) string {
	var texts []string
	for _, t := range all {
		texts = append(texts, t.Attribute+" = "+t.Expression)
	}
	return strings.Join(texts, ", ")
}

// describeVerification in a form that differs whenever a key does.
func describeVerification(uploads bool, keys []jwks.Key, url string) string {
	if !uploads {
		return strings.TrimSpace(verificationDiscovery + " " + url)
	}
	var texts []string
	for _, k := range keys {
		texts = append(texts, fmt.Sprintf("%s (%.8s)", k.ID, k.Thumbprint))
	}
	slices.Sort(texts)
	return "keys " + strings.Join(texts, ", ")
}

func count[T any](all iter.Seq[T]) (n int) {
	for range all {
		n++
	}
	return n
}
