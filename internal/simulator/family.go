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

// A record is one thing that a family keeps: a struct with all its fields in
// its JSON form, which [Server.Edit] changes.
type record interface {
	// key is the record's ID below its parents, empty for a singleton.
	key() string
}

// A head begins most records.
type head struct {
	ID     string `json:"id,omitempty"`
	Object string `json:"object,omitempty"`
}

func (h head) key() string { return h.ID }

// A family is a kind of resource: where its calls go, what they take and what
// they answer. Calls that lack their field below do not exist. The functions may
// look at and change anything of the organization's, for one call is answered
// at a time.
type family[T record] struct {
	// path is that of one record below /v1, with IDs in braces. Those of the
	// parents come first; a path that does not end in an ID is a singleton's,
	// of which each parent has one.
	path string

	// what names a record in refusals, object in replies.
	what, object string

	// prefix begins the IDs that the API gives.
	prefix string

	// style is how records are listed. A maxLimit of 0 means that they are not.
	style pageStyle

	// noGet and noDelete are for families without these calls.
	noGet, noDelete bool

	// deletion replaces the usual route of deletions.
	deletion Route

	// parent refuses calls for what is wrong with the parents. It is required if
	// there are any.
	parent func(r *request) *apiError

	// seed makes the records that are there from the start.
	seed func(org *organization, parents []string) []T

	// canonical is the ID of the record that an ID in a path means; nil if each
	// record has one.
	canonical func(r *request, id string) string

	// own reports whether a record is there in its own right; nil if all are. One
	// that is not can be created, and cannot be deleted.
	own func(T) bool

	// create makes a record from the body, and for a singleton replaces it. The
	// head has a new ID, unless for a singleton.
	create func(r *request, h head) (T, *apiError)

	// update changes a record as the body says.
	update func(r *request, old T) (T, *apiError)

	// remove, if set, refuses a deletion or does what goes with it. A record that
	// it returns stays in place of the old one.
	remove func(r *request, old T) (*T, *apiError)

	// filter tells which records a listing's query asks for; nil lists all.
	filter func(r *request) (func(T) bool, *apiError)

	// render is the reply about a record, listed the item of a listing. Without
	// them a record is its own reply and item. A write may set another reply in
	// the request.
	render, listed func(r *request, v T) any
}

// A registered is a family of any record, or handlers written by hand.
type registered interface {
	operations() Operations
	mount(s *Server)
}

// registry has all families by name. Only register fills it, from the families'
// own files.
var registry = make(map[string]registered)

var parameter = regexp.MustCompile(`\{(\w+)\}`)

// register adds a family under the name that [FamilyRoutes] knows it by.
func register[T record](f *family[T]) *family[T] {
	if parents, _ := f.parameters(); len(parents) > 0 && f.parent == nil {
		panic(fmt.Sprintf("family %q does not check its parents", f.path))
	}
	registerAs(familyName(f.path), f)
	return f
}

func registerAs[F registered](name string, f F) F {
	if registry[name] != nil {
		panic(fmt.Sprintf("there are two families %q", name))
	}
	registry[name] = f
	return f
}

// familyName is a path without IDs and the organization that most begin with.
func familyName(path string) string {
	var words []string
	for word := range strings.SplitSeq(strings.TrimPrefix(path, "organization/"), "/") {
		if !parameter.MatchString(word) {
			words = append(words, word)
		}
	}
	return strings.Join(words, "/")
}

// parameters are the names of the path's IDs. A singleton has none of its own.
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
			s.admin(call.route, f.below(call.answer))
		}
	}
}

// below reads the IDs in the path and checks the parents before an answer.
func (f *family[T]) below(answer func(*request) (any, *apiError)) func(*request) (any, *apiError) {
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
	l := lister[T]{id: func(v T) string { return v.key() }, render: func(v T) any { return f.item(r, v) }}
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
	return f.form(r, v), nil
}

func (f *family[T]) answerCreate(r *request) (any, *apiError) {
	v, aerr := f.create(r, f.head())
	if aerr != nil {
		return nil, aerr
	}
	if old, there := f.table(r.org, r.parents).get(latest, v.key()); there && !f.singleton() && f.owned(old) {
		return nil, r.server.alreadyExists(f.what, v.key())
	}
	return f.write(r, v), nil
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
	return f.write(r, v), nil
}

func (f *family[T]) answerDelete(r *request) (any, *apiError) {
	old, aerr := f.find(r, latest)
	if aerr != nil {
		return nil, aerr
	}
	if !f.owned(old) {
		return nil, notFound(f.what, r.id)
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

// write keeps a record and replies with it.
func (f *family[T]) write(r *request, v T) any {
	f.table(r.org, r.parents).put(r.server.nextChange(r.now), v.key(), v)
	if r.reply != nil {
		return r.reply
	}
	r.view = latest
	return f.form(r, v)
}

func (f *family[T]) find(r *request, v view) (T, *apiError) {
	found, ok := f.table(r.org, r.parents).get(v, r.id)
	if !ok {
		return found, notFound(f.what, r.id)
	}
	return found, nil
}

func (f *family[T]) owned(v T) bool { return f.own == nil || f.own(v) }

func (f *family[T]) form(r *request, v T) any {
	if f.render == nil {
		return v
	}
	return f.render(r, v)
}

func (f *family[T]) item(r *request, v T) any {
	if f.listed == nil {
		return f.form(r, v)
	}
	return f.listed(r, v)
}

// head is that of a new record.
func (f *family[T]) head() head {
	h := head{Object: f.object}
	if !f.singleton() {
		h.ID = f.prefix + randomText(24)
	}
	return h
}

// A place is where an organization keeps a table.
type place struct {
	family  string
	parents string
}

// table is that of the records below the parents. Records from the start are seen by
// every view.
func (f *family[T]) table(org *organization, parents []string) *table[T] {
	at := place{family: familyName(f.path), parents: strings.Join(parents, "/")}
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

// familyOf is the family with a name, whose records are of a type.
func familyOf[T record](name string) *family[T] {
	f, ok := registry[name].(*family[T])
	if !ok {
		panic(fmt.Sprintf("no family %q has records of type %T", name, *new(T)))
	}
	return f
}

// records are those of the named family below the parents.
func records[T record](org *organization, name string, parents ...string) *table[T] {
	return familyOf[T](name).table(org, parents)
}

// tablesBelow are all tables of the named family whose first parents are given.
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

// existing refuses calls whose last parent the named family does not have.
func existing[T record](name string) func(*request) *apiError {
	return func(r *request) *apiError {
		last := len(r.parents) - 1
		if _, ok := records[T](r.org, name, r.parents[:last]...).get(latest, r.parents[last]); !ok {
			return notFound(familyOf[T](name).what, r.parents[last])
		}
		return nil
	}
}

// Families returns the names of all families, sorted, as [FamilyRoutes] takes them.
func Families() []string { return slices.Sorted(maps.Keys(registry)) }
