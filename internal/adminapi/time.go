// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Time converts the API's Unix seconds for a status; 0, which stands for null,
// gives nil.
func Time(unix int64) *metav1.Time {
	if unix == 0 {
		return nil
	}
	t := metav1.NewTime(time.Unix(unix, 0))
	return &t
}
