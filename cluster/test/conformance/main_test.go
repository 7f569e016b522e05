// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package conformance tests each kind against all known faults of OpenAI, networks and users. A
// kind is a row; all cases are generic.
package conformance

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	"github.com/crossplane-contrib/provider-openai/cluster/test/canary"
	"github.com/crossplane-contrib/provider-openai/cluster/test/exchanges"
	"github.com/crossplane-contrib/provider-openai/cluster/test/inprocess"
	"github.com/crossplane-contrib/provider-openai/cluster/test/rig"
	"github.com/crossplane-contrib/provider-openai/cluster/test/shapes"
	shapesv1alpha1 "github.com/crossplane-contrib/provider-openai/cluster/test/shapes/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/clusteridentity"
)

// The cases share one API server and one provider. Each has a namespace, a provider
// configuration and an OpenAI of its own.
var (
	kube    client.Client
	cluster clusteridentity.Identity
	logs    = &logRecorder{reconciles: map[string]int{}}
	results = &table{}

	// recorder records the exchanges with the simulator; nil: they are not recorded.
	recorder *exchanges.Recorder
)

func TestMain(m *testing.M) {
	// Cases mostly wait for polls, not for a processor.
	if err := flag.Set("test.parallel", "24"); err != nil {
		panic(err)
	}
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	// go test shows it only if a test fails, or if no package is named, as in make conformance.
	fmt.Print(results)
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	ctx := context.Background()
	r, err := rig.Start(ctx, rig.Options{CRDs: filepath.Join("..", "shapes", "crds"), AddToScheme: shapesv1alpha1.AddToScheme})
	if err != nil {
		return 0, err
	}
	defer r.Stop() //nolint:errcheck // The tests have their result by now.
	kube = r.Kube
	if cluster, err = identityOf(ctx, r.Config); err != nil {
		return 0, err
	}
	if recorder, err = exchanges.FromEnvironment(); err != nil {
		return 0, err
	}
	ctrl.SetLogger(zap.New(zap.WriteTo(logs), zap.JSONEncoder(), zap.Level(debugLevel)))
	// Each configuration has a base URL of its own.
	mgr, err := inprocess.NewManagerWith(r.Config, "http://127.0.0.1:1/v1/", kube.Scheme(), shapes.Kinds...)
	if err != nil {
		return 0, err
	}
	stop := inprocess.Start(ctx, mgr)
	code := m.Run()
	err = errors.Join(stop(), recorder.Close())
	if err == nil && canary.Reveals(logs.all()) {
		err = errors.New("the value of a key is in the logs")
	}
	return code, err
}

// identityOf is what verifies the ServiceAccount tokens of a cluster.
func identityOf(ctx context.Context, cfg *rest.Config) (clusteridentity.Identity, error) {
	c, err := rest.HTTPClientFor(cfg)
	if err != nil {
		return clusteridentity.Identity{}, err
	}
	f, err := clusteridentity.NewFollower(cfg, c, 0, logging.NewNopLogger())
	if err != nil {
		return clusteridentity.Identity{}, err
	}
	return f.Identity(ctx)
}
