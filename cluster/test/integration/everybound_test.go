// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	extensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const (
	// tooLong is more bytes than any text of a spec may have.
	tooLong = 100_000
	// tooMany is more than any list or map may have.
	tooMany = 10_000
)

// aUsage stands for those that the provider makes, which no manifest has.
const aUsage = `
apiVersion: openai.crossplane.io/v1alpha1
kind: ProviderConfigUsage
metadata: {name: bounds, namespace: NAMESPACE}
providerConfigRef: {kind: ProviderConfig, name: full}
resourceRef: {apiVersion: openai.crossplane.io/v1alpha1, kind: Project, name: full, uid: 5f0c8d0e-4c39-4c29-9f6b-2f5a4f0d7b7e}
`

func TestEveryFieldHasABound(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	objects := slices.Concat(everyField(tn), examplesInFull(tn), tn.documents(strings.ReplaceAll(aUsage, "NAMESPACE", tn.namespace)))
	for _, o := range objects {
		if err := kube.Create(t.Context(), o.DeepCopy(), client.DryRunAll); err != nil {
			t.Fatalf("%s %q is to be refused for what is changed below, and is refused as it is: %v", o.GetKind(), o.GetName(), err)
		}
	}
	for _, crd := range theCRDs(tn) {
		for _, e := range excessesOf(crd) {
			t.Run(e.name, func(t *testing.T) {
				t.Parallel()
				err := errors.New("no manifest has the field")
				for _, o := range objects {
					if o = o.DeepCopy(); o.GetKind() == crd.Spec.Names.Kind && e.apply(o.Object) {
						err = kube.Create(t.Context(), o, client.DryRunAll)
						break
					}
				}
				if !refusedFor(err, e.field()) {
					t.Errorf("%s: want it refused as invalid, with a message about %s, got: %.1000v", e.name, e.field(), err)
				}
			})
		}
	}
}

// refusedFor reports whether a field, or what is in it, is a cause of a refusal. A rule
// about several fields is told of what they are in, and names them.
func refusedFor(err error, field string) bool {
	var status kerrors.APIStatus
	if !kerrors.IsInvalid(err) || !errors.As(err, &status) || status.Status().Details == nil {
		return false
	}
	in := field[:strings.LastIndex(field, ".")]
	return slices.ContainsFunc(status.Status().Details.Causes, func(c metav1.StatusCause) bool {
		if c.Field == in {
			return strings.Contains(c.Message, field[len(in)+1:])
		}
		return c.Message != "" && (c.Field == field || strings.HasPrefix(c.Field, field+".") || strings.HasPrefix(c.Field, field+"["))
	})
}

// An excess is a field with more than it can need.
type excess struct {
	name string
	// path of the field, in which an asterisk stands for the items of a list.
	path []string
	// of the field's value, as a manifest has it.
	of func(was any) any
}

// field as the API server names it, which numbers the items of lists.
func (e excess) field() string { return strings.ReplaceAll(strings.Join(e.path, "."), ".*", "[0]") }

// apply the excess to a manifest; false: it does not have the field.
func (e excess) apply(object map[string]any) bool {
	var at any = object
	for _, name := range e.path[:len(e.path)-1] {
		if at = within(at, name); at == nil {
			return false
		}
	}
	last := e.path[len(e.path)-1]
	was := within(at, last)
	if was == nil {
		return false
	}
	switch at := at.(type) {
	case map[string]any:
		at[last] = e.of(was)
	case []any:
		at[0] = e.of(was)
	}
	return true
}

// within a value is the field of a name, or the first item; nil: there is none.
func within(value any, name string) any {
	switch v := value.(type) {
	case map[string]any:
		return v[name]
	case []any:
		if name == "*" && len(v) > 0 {
			return v[0]
		}
	}
	return nil
}

// excessesOf every text, list and map of a kind that users write.
func excessesOf(crd *extensionsv1.CustomResourceDefinition) []excess {
	root := crd.Spec.Versions[0].Schema.OpenAPIV3Schema
	var all []excess
	for _, name := range slices.Sorted(maps.Keys(root.Properties)) {
		if !slices.Contains([]string{"apiVersion", "kind", "metadata", "status"}, name) {
			p := root.Properties[name]
			all = append(all, excessesIn(&p, name)...)
		}
	}
	for i := range all {
		all[i].name = crd.Spec.Names.Kind + "." + all[i].name
	}
	return all
}

func excessesIn(schema *extensionsv1.JSONSchemaProps, path ...string) []excess {
	name := strings.Join(path, ".")
	switch {
	case schema.Type == "string" && schema.Enum == nil && schema.Format == "":
		return []excess{{name, path, func(any) any { return text(schema) }}}
	case schema.Type == "array":
		items := schema.Items.Schema
		return append([]excess{{name + " (items)", path, func(was any) any { return many(was.([]any), items) }}}, excessesIn(items, append(slices.Clone(path), "*")...)...)
	case schema.AdditionalProperties != nil:
		return []excess{
			{name + " (entries)", path, func(was any) any { return entries(was.(map[string]any)) }},
			{name + " (key)", path, func(was any) any { return map[string]any{strings.Repeat("a", tooLong): anyOf(was.(map[string]any))} }},
			// A prefix is another part of a label's name.
			{name + " (prefix)", path, func(was any) any {
				return map[string]any{strings.Repeat("a", tooLong) + "/a": anyOf(was.(map[string]any))}
			}},
			{name + " (value)", path, func(any) any { return map[string]any{"a": text(schema.AdditionalProperties.Schema)} }},
		}
	}
	var all []excess
	for _, child := range slices.Sorted(maps.Keys(schema.Properties)) {
		p := schema.Properties[child]
		all = append(all, excessesIn(&p, append(slices.Clone(path), child)...)...)
	}
	return all
}

// text that is too long, and otherwise of the form that the schema asks for.
func text(schema *extensionsv1.JSONSchemaProps) string {
	for _, part := range []string{"a", "1h"} {
		long := strings.Repeat(part, tooLong/len(part))
		if schema.Pattern == "" || regexp.MustCompile(schema.Pattern).MatchString(long) {
			return long
		}
	}
	panic("no text that is tried has the form " + schema.Pattern)
}

// many items, which differ if they are texts.
func many(was []any, schema *extensionsv1.JSONSchemaProps) []any {
	items := slices.Repeat([]any{was[0]}, tooMany)
	if schema.Type == "string" && schema.Enum == nil {
		for i := range items {
			items[i] = fmt.Sprint("a", i)
		}
	}
	return items
}

func entries(was map[string]any) map[string]any {
	m := map[string]any{}
	for i := range tooMany {
		m[fmt.Sprint("a", i)] = anyOf(was)
	}
	return m
}

// anyOf the values of a map.
func anyOf(m map[string]any) any {
	for _, v := range m {
		return v
	}
	return "a"
}
