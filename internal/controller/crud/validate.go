// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"errors"
	"fmt"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
)

// Validate fails for a kind that cannot work, and says everything that is missing. A kind that it
// accepts never calls a nil function.
func (k Kind[M, O]) Validate() error {
	assigned := k.ID == nil
	var missing []error
	need := func(wrong bool, description string) {
		if wrong {
			missing = append(missing, fmt.Errorf("the kind of %T %s", *new(M), description))
		}
	}
	if err := k.Scope.check(); err != nil {
		missing = append(missing, err)
	}
	_, copies := any(new(O)).(deepCopier[O])
	need(!copies, fmt.Sprintf("has an observation, %T, that cannot be copied: generate its DeepCopyInto", *new(O)))
	need(k.Status == nil, "has no place for its observation: set its Status")
	need(k.Get == nil && k.List == nil, "can neither be read nor listed: set its Get or its List")
	need(k.Parent != nil && k.List == nil, "has a Parent and no List of its resources: set its List, or no Parent")
	need(k.ParentGone != nil && k.Parent == nil, "has a ParentGone and no Parent: set its Parent, or no ParentGone")
	need(k.Parent != nil && k.Delete != nil && k.ParentGone == nil, "has a Parent and no ParentGone, so that a deletion would never end after that of its parent: set its ParentGone")
	need((k.Update == nil) != (k.Diff == nil), "needs both Update and Diff, or neither")
	need(k.Recheck != nil && (k.Get == nil || k.Update == nil), "has a Recheck without a Get or an Update: set its Get and its Update, or no Recheck")
	need((k.Create == nil) != (k.CreateRoute == ratelimit.Route{}), "needs both Create and its CreateRoute, or neither")
	need(k.Create != nil && assigned && k.List == nil, "has no List to find what an interrupted create made: set its List, or its ID if that follows from the spec")
	need(k.Create != nil && assigned && k.Names == nil && k.Match == nil, "cannot recognize what an interrupted create made: set its Names or its Match")
	return errors.Join(missing...)
}
