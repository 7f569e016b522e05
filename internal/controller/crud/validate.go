// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"errors"
	"fmt"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
)

// Validate fails for a kind that leaves out what it needs, and names everything that it
// leaves out. One that it accepts needs no function that it does not have.
func (k Kind[M, O]) Validate() error {
	assigned := k.ID == nil
	var missing []error
	need := func(wrong bool, what string) {
		if wrong {
			missing = append(missing, fmt.Errorf("the kind of %T %s", *new(M), what))
		}
	}
	if err := k.Scope.check(); err != nil {
		missing = append(missing, err)
	}
	_, copies := any(new(O)).(deepCopier[O])
	need(!copies, fmt.Sprintf("has an observation, %T, that cannot be copied: generate its DeepCopyInto", *new(O)))
	need(k.Status == nil, "does not say where its observation is kept: set its Status")
	need(k.Get == nil && k.List == nil, "can be neither got nor listed: set its Get or its List")
	need(k.Parent != nil && k.List == nil, "has a Parent and no List that it would be the parent of: set its List, or no Parent")
	need(k.ParentGone != nil && k.Parent == nil, "tells whether a parent is gone that it does not have: set its Parent, or no ParentGone")
	need(k.Parent != nil && k.Delete != nil && k.ParentGone == nil, "has a Parent and does not tell whether that is gone, after which no deletion would end: set its ParentGone")
	need((k.Update == nil) != (k.Diff == nil), "needs both Update and Diff, or neither")
	need(k.Recheck != nil && (k.Get == nil || k.Update == nil), "has nothing to recheck, or no way to: set its Get and its Update, or no Recheck")
	need((k.Create == nil) != (k.CreateRoute == ratelimit.Route{}), "needs both Create and its CreateRoute, or neither")
	need(k.Create != nil && assigned && k.List == nil, "has no List to find in what an interrupted create made: set its List, or its ID if that follows from the spec")
	need(k.Create != nil && assigned && k.Names == nil && k.Match == nil, "does not tell what an interrupted create made from anything else: set its Names or its Match")
	return errors.Join(missing...)
}
