// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
)

// An external client is made for one reconcile of one object. Create, Update and
// Delete act on what Observe saw.
type external struct {
	*keyring
	alarms *alarms
	timing timing
	seen   view

	creating *sync.Map

	// postponed tells that there is no turn yet to issue a successor.
	postponed bool
}

// Observe compares the object with its Secret and with what OpenAI lists.
func (e *external) Observe(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (managed.ExternalObservation, error) {
	v, err := e.look(ctx, cr)
	if meta.WasDeleted(cr) {
		return e.observeDeleted(cr, v, err)
	}
	if err != nil {
		return managed.ExternalObservation{}, err
	}
	if onlyObserves(cr) {
		return e.observeOnly(cr, v), nil
	}

	d := decide(v)
	if d.held != nil && !hasAccess(d.held) {
		d.wakeAt(v.now.Add(accessCheck))
	}
	if d.held != nil && !may(cr, xpv2.ManagementActionUpdate) {
		if d, err = e.tidyOnly(ctx, &v, d); err != nil {
			return managed.ExternalObservation{}, err
		}
	}
	e.seen = v
	e.alarms.set(cr.GetUID(), d.wake)
	switch {
	case d.wait != "":
		cr.SetConditions(xpv2.Creating().WithMessage(d.wait))
		return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: true}, nil
	case d.held == nil:
		return managed.ExternalObservation{}, e.prepareCreate(ctx, cr, v)
	}
	if err := e.reserve(ctx, cr, d); err != nil {
		return managed.ExternalObservation{}, err
	}
	if err := e.note(ctx, cr, v, d.held); err != nil {
		return managed.ExternalObservation{}, err
	}
	e.report(cr, v, d.held)
	return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: d.upToDate(), Diff: d.issue + d.update}, nil
}

// prepareCreate makes sure that Create may go ahead.
func (e *external) prepareCreate(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v view) error {
	if err := refuseToGuess(cr, v); err != nil || adopts(cr, v) || !may(cr, xpv2.ManagementActionCreate) {
		return err
	}
	if err := e.conn.Reserve(ctx, adminapi.CreateKey); err != nil {
		return err
	}
	// The runtime saves it before it calls Create.
	v.open().with(v.nextSerial(), v.now).write(cr)
	e.creating.Store(cr.GetUID(), nil)
	return nil
}

// reserve the call that issues a successor. While there is none, keys that nobody
// should use any more are revoked all the same.
func (e *external) reserve(ctx context.Context, cr *v1alpha1.ProjectAPIKey, d decision) error {
	if d.issue == "" || !may(cr, xpv2.ManagementActionUpdate) {
		return nil
	}
	err := e.conn.Reserve(ctx, adminapi.CreateKey)
	if e.postponed = err != nil; e.postponed && len(d.revoke) > 0 {
		return nil
	}
	return err
}

// look at the Secret and at OpenAI.
func (e *external) look(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (view, error) {
	v := view{now: e.now(), tag: tagFor(cr.GetUID()), adopted: adoptedBy(cr), committed: committedTo(cr), wanted: want(cr), timing: e.timing}

	name := meta.GetExternalName(cr)
	if strings.HasPrefix(name, "sk-") {
		if !meta.WasDeleted(cr) {
			return v, errValueAsName
		}
		name = ""
	}
	var err error
	if v.unsettled, err = readUnsettled(cr); err != nil {
		return v, err
	}
	if err := e.lookAtSecrets(ctx, cr, &v); err != nil {
		return v, err
	}
	if err := e.stayInProject(cr, &v); err != nil {
		return v, err
	}
	v.details = details(e.conn)

	if v.project, v.listed, err = e.list(ctx, e.question(cr, &v), v.tag, v.known(name)); err != nil {
		return v, fmt.Errorf("cannot list the keys of project %q: %w", e.conn.Project, err)
	}
	v.record.keyID = v.heldID()
	if k := v.find(v.record.keyID); k != nil && !v.ours(k) && !meta.WasDeleted(cr) {
		return v, fmt.Errorf("Secret %q holds key %q of service account %q, which would be lost: name another Secret in writeConnectionSecretToRef, or correct the service account", client.ObjectKeyFromObject(cmp.Or(v.secret, v.former)), k.ID, k.Owner.ServiceAccount.ID) //nolint:staticcheck // Secret is a kind.
	}
	if k := v.find(name); k != nil && !v.ours(k) && v.ownAccount(k) && v.trigger != "" && v.record.keyID == "" {
		v.replaces = k.ID
	}
	return v, nil
}

// stayInProject makes sure that a key stays in its project, whatever becomes the
// default, and that a Secret with a key of another project is left alone.
func (e *external) stayInProject(cr *v1alpha1.ProjectAPIKey, v *view) error {
	if v.record.project == "" {
		return nil
	}
	if cr.Spec.ForProvider.ProjectID == nil {
		conn, err := e.conn.InProject(&v.record.project)
		if err != nil {
			return err
		}
		e.conn = conn
	}
	if v.record.project == e.conn.Project {
		return nil
	}
	if !meta.WasDeleted(cr) {
		return fmt.Errorf("Secret %q holds a key of project %q, which would be lost: name another Secret in writeConnectionSecretToRef", client.ObjectKeyFromObject(cmp.Or(v.secret, v.former)), v.record.project) //nolint:staticcheck // Secret is a kind.
	}
	v.secret, v.record = nil, record{retiring: map[string]retiree{}}
	return nil
}

// lookAtSecrets reads the Secret that the spec names, the former one if there is
// one, and their record.
func (e *external) lookAtSecrets(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v *view) error {
	s, err := readSecret(ctx, e.live, cr)
	var foreign *ForeignSecretError
	if errors.As(err, &foreign) && meta.WasDeleted(cr) {
		// The keys of an object that is going do not depend on somebody else's Secret.
		s, err = nil, nil
	}
	if err != nil {
		return err
	}
	v.secret = s
	known := s != nil && s.Labels[labelOwner] == string(cr.GetUID())
	if !known && !meta.WasDeleted(cr) && !onlyObserves(cr) {
		if v.former, err = readFormerSecret(ctx, e.live, cr); err != nil {
			return err
		}
	}
	if s != nil && v.former != nil {
		return fmt.Errorf("the key of this object is in Secret %q, and Secret %q exists already: name one in writeConnectionSecretToRef that does not exist, or delete the latter", client.ObjectKeyFromObject(v.former), client.ObjectKeyFromObject(s))
	}
	v.record, err = readRecord(cmp.Or(v.secret, v.former))
	return err
}

// want reads what the object asks for.
func want(cr *v1alpha1.ProjectAPIKey) wanted {
	p := cr.Spec.ForProvider
	w := wanted{accountID: value(p.ServiceAccountID), accountName: value(p.ServiceAccountName), name: baseName(cr), scopes: scopes(p), overlap: defaultOverlap, owned: mayDelete(cr)}
	if p.ExpiresIn != nil {
		w.expiresIn = p.ExpiresIn.Duration
	}
	if r := p.Rotation; r != nil {
		if r.Interval != nil {
			w.interval = r.Interval.Duration
		}
		if r.Overlap != nil {
			w.overlap = r.Overlap.Duration
		}
		if r.Trigger != nil {
			w.trigger = *r.Trigger
		}
	}
	return w
}

// errValueAsName is returned without the name, which seems to be a secret.
var errValueAsName = errors.New("the external name is the value of a key: set it to the key's ID, which begins with key_, give the value with forProvider.importSecretRef, and revoke the key if others may read this object")

// adoptedBy is the ID of the key that the object took over. The annotation also
// names the object, so that a copy of it takes nothing over.
func adoptedBy(cr *v1alpha1.ProjectAPIKey) string {
	id, _ := strings.CutPrefix(cr.GetAnnotations()[annotationAdopted], string(tagFor(cr.GetUID()))+"/")
	if id == cr.GetAnnotations()[annotationAdopted] {
		return ""
	}
	return id
}

// adoptedValue is what the annotation says of a key that the object took over.
func adoptedValue(cr *v1alpha1.ProjectAPIKey, id string) string {
	return string(tagFor(cr.GetUID())) + "/" + id
}

// committedTo lists the keys that the object was seen with.
func committedTo(cr *v1alpha1.ProjectAPIKey) map[string]bool {
	ids := map[string]bool{meta.GetExternalName(cr): true, cr.Status.AtProvider.ID: true}
	for _, r := range cr.Status.AtProvider.Retiring {
		ids[r.ID] = true
	}
	return ids
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// mayDelete tells whether the key ends with the object.
func mayDelete(cr *v1alpha1.ProjectAPIKey) bool { return may(cr, xpv2.ManagementActionDelete) }

// may tells whether an object's management policies allow any of the actions.
func may(cr *v1alpha1.ProjectAPIKey, actions ...xpv2.ManagementAction) bool {
	policies := cr.GetManagementPolicies()
	return len(policies) == 0 || slices.Contains(policies, xpv2.ManagementActionAll) ||
		slices.ContainsFunc(actions, func(a xpv2.ManagementAction) bool { return slices.Contains(policies, a) })
}

// details of the Secret that tell a consumer's SDK how to use the key.
func details(c *adminapi.Connection) map[string][]byte {
	d := map[string][]byte{dataProject: []byte(c.Project)}
	if c.OrganizationID != "" {
		d[dataOrganization] = []byte(c.OrganizationID)
	}
	if c.BaseURL != adminapi.DefaultBaseURL {
		d[dataBaseURL] = []byte(c.BaseURL)
	}
	return d
}

// observeDeleted reports an object as gone once none of its keys lives.
func (e *external) observeDeleted(cr *v1alpha1.ProjectAPIKey, v view, err error) (managed.ExternalObservation, error) {
	if adminapi.IsProjectArchived(err) {
		// OpenAI refuses every key of an archived project.
		err, v.listed, v.unsettled = nil, nil, nil
	}
	if err != nil {
		return managed.ExternalObservation{}, err
	}
	e.seen = v
	alive := len(v.live()) > 0 || len(v.open()) > 0
	if !alive {
		e.alarms.set(cr.GetUID(), noAlarm)
	}
	return managed.ExternalObservation{ResourceExists: alive}, nil
}

// onlyObserves tells that the object may neither create nor update a key.
func onlyObserves(cr *v1alpha1.ProjectAPIKey) bool {
	return !may(cr, xpv2.ManagementActionCreate, xpv2.ManagementActionUpdate)
}

// tidyOnly ends keys that the object created and does not hold. An object that may
// create but not update must not leave them alive for ever.
func (e *external) tidyOnly(ctx context.Context, v *view, d decision) (decision, error) {
	if len(d.retire)+len(d.limit)+len(d.revoke) == 0 || d.move {
		return d, nil
	}
	if err := e.end(ctx, v, d); err != nil {
		return d, err
	}
	return decide(*v), nil
}

// observeOnly reports on the key that the external name or the Secret names.
func (e *external) observeOnly(cr *v1alpha1.ProjectAPIKey, v view) managed.ExternalObservation {
	k := v.find(meta.GetExternalName(cr))
	if k == nil {
		k = v.find(v.record.keyID)
	}
	if k == nil {
		return managed.ExternalObservation{}
	}
	e.report(cr, v, k)
	return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: true}
}

// refuseToGuess fails if the external name is that of a living key which somebody
// else made: its value cannot be read back, and it may be in use.
func refuseToGuess(cr *v1alpha1.ProjectAPIKey, v view) error {
	id := meta.GetExternalName(cr)
	k := v.find(id)
	if k == nil || v.ours(k) || id == v.replaces || adopts(cr, v) {
		return nil
	}
	return fmt.Errorf("the value of key %q cannot be read back: give it with forProvider.importSecretRef, set rotation.trigger to replace the key, or set managementPolicies: [Observe] to only watch it", id)
}

// note the held key in the object: its ID as external name, which follows from the
// Secret, whether it was taken over, and which others are still unsettled.
func (e *external) note(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v view, held *openai.ProjectAPIKey) error {
	adopted := v.adopted
	if _, minted := v.tag.serial(held.Name); !minted {
		adopted = held.ID
	}
	before := cr.DeepCopy()
	if !v.open().write(cr) && meta.GetExternalName(cr) == held.ID && v.adopted == adopted {
		return nil
	}
	meta.SetExternalName(cr, held.ID)
	if adopted != "" {
		meta.AddAnnotations(cr, map[string]string{annotationAdopted: adoptedValue(cr, adopted)})
	}
	if err := e.kube.Patch(ctx, cr, client.MergeFrom(before)); err != nil {
		return fmt.Errorf("cannot note key %q as external name: %w", held.ID, err)
	}
	return nil
}

// report a key in the object's status and conditions.
func (e *external) report(cr *v1alpha1.ProjectAPIKey, v view, k *openai.ProjectAPIKey) {
	cr.Status.AtProvider = observation(cr, v, k)
	cr.Status.AtProvider.ProjectID = e.conn.Project
	switch {
	case v.expired(k):
		cr.SetConditions(xpv2.Unavailable().WithMessage("the key has expired"))
	case !hasAccess(k):
		cr.SetConditions(xpv2.Unavailable().WithMessage(fmt.Sprintf("OpenAI refuses the key, because service account %q has no access to project %q: give it the role member", k.Owner.ServiceAccount.ID, e.conn.Project)))
	default:
		cr.SetConditions(xpv2.Available())
	}
}

// Create issues a key and stores it, or adopts one. It returns no connection
// details: the Secret is written already, and a second write could only harm.
func (e *external) Create(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (managed.ExternalCreation, error) {
	var (
		id  string
		err error
	)
	if adopts(cr, e.seen) {
		if id, err = e.adopt(ctx, cr, e.seen); err == nil {
			meta.AddAnnotations(cr, map[string]string{annotationAdopted: adoptedValue(cr, id)})
		}
	} else {
		id, err = e.mint(ctx, cr, e.seen, decide(e.seen))
	}
	if err != nil {
		return managed.ExternalCreation{}, err
	}
	meta.SetExternalName(cr, id)
	// The runtime saves the annotations.
	if told, err := readUnsettled(cr); err == nil {
		told.without(e.seen.nextSerial()).write(cr)
	}
	adminapi.Progress(ctx)
	return managed.ExternalCreation{}, nil
}

// Update does what Observe found to be due.
func (e *external) Update(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (managed.ExternalUpdate, error) {
	v, d := e.seen, decide(e.seen)
	if e.postponed {
		d.issue = ""
	}
	if d.held == nil {
		return managed.ExternalUpdate{}, fmt.Errorf("%s, and a new key cannot be issued: add Create to managementPolicies", d.issue)
	}
	if d.move || d.issue != "" {
		if err := e.replace(ctx, cr, v, d); err != nil {
			return managed.ExternalUpdate{}, err
		}
		var err error
		if v, err = e.look(ctx, cr); err != nil {
			return managed.ExternalUpdate{}, err
		}
		d = decide(v)
	}
	if err := e.amend(ctx, cr, &v, d); err != nil {
		return managed.ExternalUpdate{}, err
	}

	// Otherwise the status would tell of the old state until the next poll.
	d = decide(v)
	e.alarms.set(cr.GetUID(), d.wake)
	if d.held == nil {
		return managed.ExternalUpdate{}, nil
	}
	if err := e.note(ctx, cr, v, d.held); err != nil {
		return managed.ExternalUpdate{}, err
	}
	e.report(cr, v, d.held)
	return managed.ExternalUpdate{}, nil
}

// replace the Secret or the key.
func (e *external) replace(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v view, d decision) error {
	if d.move {
		return e.move(ctx, cr, v)
	}
	_, err := e.mint(ctx, cr, v, d)
	return err
}

// amend what need not be replaced.
func (e *external) amend(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v *view, d decision) error {
	if d.update != "" && d.held != nil {
		if err := e.update(ctx, cr, v, d.held.ID); err != nil {
			return err
		}
	}
	return e.end(ctx, v, d)
}

// end keys that the object does not hold, now or when their overlap is over.
func (e *external) end(ctx context.Context, v *view, d decision) error {
	if len(d.revoke) > 0 {
		if err := e.tidy(ctx, v, d.revoke); err != nil {
			return err
		}
	}
	if len(d.retire) > 0 {
		if err := e.retire(ctx, v, d.retire); err != nil {
			return err
		}
		d = decide(*v)
	}
	if len(d.limit) > 0 {
		return e.limit(ctx, v, d.limit)
	}
	return nil
}

// Delete revokes every key that was issued for the object.
func (e *external) Delete(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (managed.ExternalDelete, error) {
	cr.SetConditions(xpv2.Deleting())
	live, open := e.seen.live(), e.seen.open()
	for _, id := range live {
		if err := e.revoke(ctx, revocation{id: id, reason: reasonDeleted}); err != nil {
			return managed.ExternalDelete{}, err
		}
	}
	if len(live) > 0 {
		adminapi.Progress(ctx)
	}
	// Once revoked they are no longer listed, but no longer awaited either.
	return managed.ExternalDelete{}, e.saveUnsettled(ctx, cr, open)
}

// Disconnect does nothing: clients are shared between managed resources.
func (e *external) Disconnect(context.Context) error { return nil }
