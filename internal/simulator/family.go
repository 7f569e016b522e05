// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// A record is a resource that a family stores: a struct with all of its fields in its JSON
// form, so that [Server.Edit] can change them.
type record interface {
	// key is the record's ID below its parents, empty for a singleton.
	key() string
}

// A head has the fields that most records begin with.
type head struct {
	ID     string `json:"id,omitempty"`
	Object string `json:"object,omitempty"`
}

func (h head) key() string { return h.ID }

// A family is a kind of resource: the paths of its calls, what they accept and what they
// reply. A call whose function is nil does not exist. The functions may read and change
// everything in the organization, because calls are processed one at a time.
type family[T record] struct {
	// path of one record below /v1, with IDs in braces. The IDs of the parents come first.
	// A path that does not end in an ID is that of a singleton, of which each parent has
	// one.
	path string

	// noun names a record in refusals, object in replies.
	noun, object string

	// prefix of the IDs of new records.
	prefix string

	// style of the pages of lists. A maxLimit of 0 means that there is no list.
	style pageStyle

	// noGet and noDelete mean that the family has no such call.
	noGet, noDelete bool

	// deletion is the route of deletions, if it is not the usual one.
	deletion Route

	// parent refuses calls whose parents do not exist or do not accept them. It is required
	// if there are parents.
	parent func(r *request) *apiError

	// seed returns the records that exist from the start.
	seed func(org *organization, parents []string) []T

	// canonical returns the ID of the record for an ID in a path; nil if each record has
	// one ID.
	canonical func(r *request, id string) string

	// direct reports whether a record was created by a call, and is not only inherited; nil
	// if all were. A record that is only inherited can be created, and cannot be deleted.
	direct func(T) bool

	// create makes a record from the body; that of a singleton replaces the record. The
	// head has a new ID, except for a singleton.
	create func(r *request, h head) (T, *apiError)

	// update changes a record as the body says.
	update func(r *request, old T) (T, *apiError)

	// remove refuses a deletion, or deletes what depends on the record. A record that it
	// returns replaces the old one. Nil: nothing depends on it.
	remove func(r *request, old T) (*T, *apiError)

	// filter returns which records the query of a list selects; nil lists all.
	filter func(r *request) (func(T) bool, *apiError)

	// render makes the reply about a record, and listed the item of a list. If they are
	// nil, the record itself is the reply and the item. The function of a write may set
	// another reply in the request.
	render, listed func(r *request, v T) any
}

// An operationSet is a family of any record type, or handwritten calls.
type operationSet interface {
	operations() Operations
	mount(s *Server)
}

// registry has all families by name. Only register and registerHandlers add to it.
var registry = make(map[string]operationSet)

var parameter = regexp.MustCompile(`\{(\w+)\}`)

// register adds a family under its name for [FamilyRoutes].
func register[T record](f *family[T]) *family[T] {
	if parents, _ := f.parameters(); len(parents) > 0 && f.parent == nil {
		panic(fmt.Sprintf("family %q does not check its parents", f.path))
	}
	registerHandlers(familyName(f.path), f)
	return f
}

func registerHandlers[F operationSet](name string, f F) F {
	if registry[name] != nil {
		panic(fmt.Sprintf("there are two families %q", name))
	}
	registry[name] = f
	return f
}

// familyName is a path without IDs, and without the "organization/" that most paths begin
// with.
func familyName(path string) string {
	var words []string
	for word := range strings.SplitSeq(strings.TrimPrefix(path, "organization/"), "/") {
		if !parameter.MatchString(word) {
			words = append(words, word)
		}
	}
	return strings.Join(words, "/")
}

// parameters are the names of the IDs in the path. A singleton has none of its own.
func (f *family[T]) parameters() (parents []string, own string) {
	for _, m := range parameter.FindAllStringSubmatch(f.path, -1) {
		parents = append(parents, m[1])
	}
	if f.singleton() {
		return parents, ""
	}
	last := len(parents) - 1
	return parents[:last], parents[last]
}

func (f *family[T]) singleton() bool { return !strings.HasSuffix(f.path, "}") }

func (f *family[T]) operations() Operations {
	one := "/v1/" + f.path
	all := one
	if !f.singleton() {
		all = one[:strings.LastIndex(one, "/")]
	}
	var o Operations
	if f.style.maxLimit > 0 {
		o.List = Route(http.MethodGet + " " + all)
	}
	if !f.noGet {
		o.Get = Route(http.MethodGet + " " + one)
	}
	if f.create != nil {
		o.Create = Route(http.MethodPost + " " + all)
	}
	if f.update != nil || f.create != nil && f.singleton() {
		o.Update = Route(http.MethodPost + " " + one)
	}
	if !f.noDelete {
		o.Delete = cmp.Or(f.deletion, Route(http.MethodDelete+" "+one))
	}
	return o
}

func (f *family[T]) mount(s *Server) {
	o := f.operations()
	if o.Update == o.Create {
		o.Update = ""
	}
	for _, call := range []struct {
		route  Route
		answer func(*request) (any, *apiError)
	}{
		{o.List, f.answerList},
		{o.Get, f.answerGet},
		{o.Create, f.answerCreate},
		{o.Update, f.answerUpdate},
		{o.Delete, f.answerDelete},
	} {
		if call.route != "" {
			s.admin(call.route, f.withPathIDs(call.answer))
		}
	}
}

// withPathIDs reads the IDs in the path and checks the parents before the call is
// processed.
func (f *family[T]) withPathIDs(answer func(*request) (any, *apiError)) func(*request) (any, *apiError) {
	parents, own := f.parameters()
	return func(r *request) (any, *apiError) {
		for _, name := range parents {
			r.parents = append(r.parents, r.pathID(name))
		}
		if own != "" {
			r.id = r.pathID(own)
		}
		if own != "" && f.canonical != nil {
			r.id = f.canonical(r, r.id)
		}
		if f.parent != nil {
			if aerr := f.parent(r); aerr != nil {
				return nil, aerr
			}
		}
		return answer(r)
	}
}

func (f *family[T]) answerList(r *request) (any, *apiError) {
	l := lister[T]{id: func(v T) string { return v.key() }, render: func(v T) any { return f.listItem(r, v) }}
	if f.filter != nil {
		keep, aerr := f.filter(r)
		if aerr != nil {
			return nil, aerr
		}
		l.keep = keep
	}
	return page(r, f.table(r.org, r.parents), f.style, l)
}

func (f *family[T]) answerGet(r *request) (any, *apiError) {
	v, aerr := f.find(r, r.view)
	if aerr != nil {
		return nil, aerr
	}
	return f.reply(r, v), nil
}

func (f *family[T]) answerCreate(r *request) (any, *apiError) {
	v, aerr := f.create(r, f.head())
	if aerr != nil {
		return nil, aerr
	}
	if old, there := f.table(r.org, r.parents).get(latest, v.key()); there && !f.singleton() && f.isDirect(old) {
		return nil, r.server.alreadyExists(f.noun, v.key())
	}
	return f.store(r, v), nil
}

func (f *family[T]) answerUpdate(r *request) (any, *apiError) {
	old, aerr := f.find(r, latest)
	if aerr != nil {
		return nil, aerr
	}
	v, aerr := f.update(r, old)
	if aerr != nil {
		return nil, aerr
	}
	return f.store(r, v), nil
}

func (f *family[T]) answerDelete(r *request) (any, *apiError) {
	old, aerr := f.find(r, latest)
	if aerr != nil {
		return nil, aerr
	}
	if !f.isDirect(old) {
		return nil, notFound(f.noun, r.id)
	}
	var kept *T
	if f.remove != nil {
		if kept, aerr = f.remove(r, old); aerr != nil {
			return nil, aerr
		}
	}
	t, c := f.table(r.org, r.parents), r.server.nextChange(r.now)
	if kept != nil {
		t.put(c, old.key(), *kept)
	} else {
		t.drop(c, old.key())
	}
	if r.reply != nil {
		return r.reply, nil
	}
	return deletedJSON{ID: old.key(), Object: f.object + ".deleted", Deleted: true}, nil
}

// A deletedJSON confirms a deletion. Those of singletons and assignments have no ID.
type deletedJSON struct {
	ID      string `json:"id,omitempty"`
	Object  string `json:"object"`
	Deleted bool   `json:"deleted"`
}

// store a record and reply with it.
func (f *family[T]) store(r *request, v T) any {
	f.table(r.org, r.parents).put(r.server.nextChange(r.now), v.key(), v)
	if r.reply != nil {
		return r.reply
	}
	r.view = latest
	return f.reply(r, v)
}

func (f *family[T]) find(r *request, v view) (T, *apiError) {
	found, ok := f.table(r.org, r.parents).get(v, r.id)
	if !ok {
		return found, notFound(f.noun, r.id)
	}
	return found, nil
}

func (f *family[T]) isDirect(v T) bool { return f.direct == nil || f.direct(v) }

func (f *family[T]) reply(r *request, v T) any {
	if f.render == nil {
		return v
	}
	return f.render(r, v)
}

func (f *family[T]) listItem(r *request, v T) any {
	if f.listed == nil {
		return f.reply(r, v)
	}
	return f.listed(r, v)
}

// head of a new record.
func (f *family[T]) head() head {
	h := head{Object: f.object}
	if !f.singleton() {
		h.ID = f.prefix + randomText(24)
	}
	return h
}

// A tableKey identifies a table of an organization.
type tableKey struct {
	family  string
	parents string
}

// table of the records below the parents. Every view includes the records that exist from
// the start.
func (f *family[T]) table(org *organization, parents []string) *table[T] {
	at := tableKey{family: familyName(f.path), parents: strings.Join(parents, "/")}
	if t, there := org.tables[at].(*table[T]); there {
		return t
	}
	t := &table[T]{}
	org.tables[at] = t
	if f.seed != nil {
		for _, v := range f.seed(org, parents) {
			t.put(change{}, v.key(), v)
		}
	}
	return t
}

// familyOf returns the family with a name, whose records have the type T.
func familyOf[T record](name string) *family[T] {
	f, ok := registry[name].(*family[T])
	if !ok {
		panic(fmt.Sprintf("no family %q has records of type %T", name, *new(T)))
	}
	return f
}

// records returns the table of the named family below the parents.
func records[T record](org *organization, name string, parents ...string) *table[T] {
	return familyOf[T](name).table(org, parents)
}

// tablesBelow returns all tables of the named family whose first parents are given.
func tablesBelow[T record](org *organization, name string, parents ...string) []*table[T] {
	var tables []*table[T]
	for at, t := range org.tables {
		if at.family != name || !strings.HasPrefix(at.parents+"/", strings.Join(append(parents, ""), "/")) {
			continue
		}
		if typed, ok := t.(*table[T]); ok {
			tables = append(tables, typed)
		}
	}
	return tables
}

// parentExists refuses calls whose last parent is not a record of the named family.
func parentExists[T record](name string) func(*request) *apiError {
	return func(r *request) *apiError {
		last := len(r.parents) - 1
		if _, ok := records[T](r.org, name, r.parents[:last]...).get(latest, r.parents[last]); !ok {
			return notFound(familyOf[T](name).noun, r.parents[last])
		}
		return nil
	}
}

// Families returns the names of all families, sorted, as [FamilyRoutes] takes them.
func Families() []string { return slices.Sorted(maps.Keys(registry)) }
