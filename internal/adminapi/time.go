// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// latestTime is the beginning of the year 2200, in Unix seconds. Later values are invalid or stand for
// never, and would overflow a time.Duration.
const latestTime = 7258118400

// IsNever reports whether Unix seconds stand for no time: 0, which the SDK makes of null, or one after
// 2199.
func IsNever(unix int64) bool { return unix == 0 || unix >= latestTime }

// Time converts the API's Unix seconds for a status; nil if they stand for no time.
func Time(unix int64) *metav1.Time {
	if IsNever(unix) || unix < 0 {
		return nil
	}
	t := metav1.NewTime(time.Unix(unix, 0))
	return &t
}
