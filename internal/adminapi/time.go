// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// never is the beginning of the year 2200. What lies behind it is no time, or stands for
// no end, and would be too long for a duration.
const never = 7258118400

// IsNever reports whether Unix seconds stand for no time, as 0 does for null.
func IsNever(unix int64) bool { return unix == 0 || unix >= never }

// Time converts the API's Unix seconds for a status; what is no time gives nil.
func Time(unix int64) *metav1.Time {
	if IsNever(unix) || unix < 0 {
		return nil
	}
	t := metav1.NewTime(time.Unix(unix, 0))
	return &t
}
