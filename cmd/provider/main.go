// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Command provider runs the controllers of provider-openai.
package main

import (
	"context"
	"errors"
	"fmt"
	stdlog "log"
	"os"
	"path/filepath"
	"time"

	"github.com/alecthomas/kingpin/v2"
	changelogsv1alpha1 "github.com/crossplane/crossplane-runtime/v2/apis/changelogs/proto/v1alpha1"
	xpcontroller "github.com/crossplane/crossplane-runtime/v2/pkg/controller"
	"github.com/crossplane/crossplane-runtime/v2/pkg/feature"
	"github.com/crossplane/crossplane-runtime/v2/pkg/gate"
	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
	"github.com/crossplane/crossplane-runtime/v2/pkg/ratelimiter"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/customresourcesgate"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/statemetrics"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"k8s.io/apimachinery/pkg/runtime/schema"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/clusteridentity"
	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/controller"
	"github.com/crossplane-contrib/provider-openai/internal/controller/projectapikey"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/version"
)

const (
	leaderElectionID = "crossplane-leader-election-provider-openai"

	// podNamespaceFile is where controller-runtime reads the namespace for the Lease.
	podNamespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"
)

// errNoLeaseNamespace is returned outside of a pod if no namespace is configured.
var errNoLeaseNamespace = errors.New("the leader election needs a namespace for its Lease: set --leader-election-namespace, or POD_NAMESPACE")

// grantTimeout is how long to wait for a permission that Crossplane is about to grant.
const grantTimeout = 10 * time.Second

type flags struct {
	debug              bool
	sync               time.Duration
	poll               time.Duration
	pollJitter         int
	minPoll            time.Duration
	pollStateMetric    time.Duration
	maxReconcileRate   int
	leaderElection     bool
	leaderNamespace    string
	managementPolicies bool
	changeLogs         bool
	changeLogsSocket   string
	baseURL            string
	inFlightGrace      time.Duration
	clusterKeys        time.Duration
	scopesReapply      time.Duration
	inventory          bool
	rateLimiting       bool
	metricsAddress     string
	healthAddress      string
}

func parse(args []string) flags {
	var f flags
	app := kingpin.New(filepath.Base(args[0]), "Crossplane provider for the OpenAI Administration API.").DefaultEnvars()
	app.Version(version.Version)
	app.Flag("debug", "Log every step of every reconcile.").Short('d').BoolVar(&f.debug)
	app.Flag("sync", "How often every object is reconciled without a change.").Short('s').Default("1h").DurationVar(&f.sync)
	app.Flag("poll", "How often each object is compared with OpenAI.").Default("10m").DurationVar(&f.poll)
	app.Flag("poll-jitter-percentage", "How much of --poll, in percent, is added to it at random.").Default("10").IntVar(&f.pollJitter)
	app.Flag("min-poll-interval", "The shortest interval that the annotation crossplane.io/poll-interval can ask for.").Default("30s").DurationVar(&f.minPoll)
	app.Flag("poll-state-metric", "How often the metrics of managed resources' states are updated.").Default("5s").DurationVar(&f.pollStateMetric)
	app.Flag("max-reconcile-rate", "How many reconciles can start per second, and run at a time per kind.").Default("100").IntVar(&f.maxReconcileRate)
	app.Flag("leader-election", "Let only one of several pods be active, so that no two create the same key.").Short('l').Default("true").BoolVar(&f.leaderElection)
	app.Flag("leader-election-namespace", "Namespace of the leader election's Lease. Default: the pod's own.").Envar("POD_NAMESPACE").StringVar(&f.leaderNamespace)
	app.Flag("enable-management-policies", "Obey spec.managementPolicies.").Default("true").BoolVar(&f.managementPolicies)
	app.Flag("enable-changelogs", "Send every change to a change log sidecar.").BoolVar(&f.changeLogs)
	app.Flag("changelogs-socket-path", "Socket of the change log sidecar.").Default("/var/run/changelogs/changelogs.sock").StringVar(&f.changeLogsSocket)
	app.Flag("default-base-url", "Base URL of the OpenAI API for provider configurations that name none, such as that of a region.").Default(adminapi.DefaultBaseURL).StringVar(&f.baseURL)
	app.Flag("scopes-reapply-interval", "How often the scopes of each key are applied again, because OpenAI does not report changes by others; 0 for never.").Default(projectapikey.DefaultScopesReapplyInterval.String()).DurationVar(&f.scopesReapply)
	app.Flag("signing-keys-interval", "How often the signing keys of this cluster are compared with those that a WorkloadIdentityProvider has uploaded.").Default(clusteridentity.DefaultInterval.String()).DurationVar(&f.clusterKeys)
	// Only crash tests shorten it. It must exceed the time that issuing a key can take.
	app.Flag("in-flight-grace", "How long a key in flight may take to be stored in its Secret.").Hidden().Default(projectapikey.InFlightGrace.String()).DurationVar(&f.inFlightGrace)
	// Tests and benchmarks turn these off to measure their effect.
	app.Flag("inventory", "Share lists of OpenAI's resources between objects.").Hidden().Default("true").BoolVar(&f.inventory)
	app.Flag("rate-limiting", "Learn OpenAI's rate limits and keep to them.").Hidden().Default("true").BoolVar(&f.rateLimiting)
	app.Flag("metrics-bind-address", "Address of the metrics endpoint; 0 for none.").Default(":8080").StringVar(&f.metricsAddress)
	app.Flag("health-probe-bind-address", "Address of /healthz and /readyz; 0 for none.").Default(":8081").StringVar(&f.healthAddress)
	kingpin.MustParse(app.Parse(args[1:]))
	return f
}

func main() {
	f := parse(os.Args)
	zl := zap.New(zap.UseDevMode(f.debug))
	ctrl.SetLogger(zl)
	log := logging.NewLogrLogger(zl.WithName("provider-openai"))
	logging.SetFilteredKlogLogger(zl)
	stdlog.SetOutput(standardLog{log})
	stdlog.SetFlags(0)

	if err := run(ctrl.SetupSignalHandler(), f, log); err != nil {
		log.Info("Provider failed", "error", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, f flags, log logging.Logger) error {
	cfg, err := ctrl.GetConfig()
	if err != nil {
		return fmt.Errorf("cannot find a Kubernetes API server: run in a pod, or set KUBECONFIG: %w", err)
	}
	if f.leaderElection && f.leaderNamespace == "" {
		if _, err := os.Stat(podNamespaceFile); err != nil {
			return errNoLeaseNamespace
		}
	}
	mgr, err := controller.NewManager(ratelimiter.LimitRESTConfig(cfg, f.maxReconcileRate), ctrl.Options{
		Cache:                   cache.Options{SyncPeriod: &f.sync},
		LeaderElection:          f.leaderElection,
		LeaderElectionID:        leaderElectionID,
		LeaderElectionNamespace: f.leaderNamespace,
		Metrics:                 metricsserver.Options{BindAddress: f.metricsAddress},
		HealthProbeBindAddress:  f.healthAddress,
	})
	if err != nil {
		return err
	}
	if err := mgr.AddHealthzCheck("ping", healthz.Ping); err != nil {
		return fmt.Errorf("cannot add the health check: %w", err)
	}
	if err := mgr.AddReadyzCheck("ping", healthz.Ping); err != nil {
		return fmt.Errorf("cannot add the readiness check: %w", err)
	}

	o, err := options(ctx, mgr, f, log)
	if err != nil {
		return err
	}
	if err := controller.Setup(mgr, o); err != nil {
		return err
	}
	log.Info("Starting", "version", version.Version, "safe-start", o.Gate != nil)
	if f.leaderElection {
		log.Info("Waiting for the lease of the leader election, which another provider may hold", "lease", leaderElectionID)
		go func() {
			select {
			case <-mgr.Elected():
				log.Info("Holding the lease of the leader election", "lease", leaderElectionID)
			case <-ctx.Done():
			}
		}()
	}
	if err := mgr.Start(ctx); err != nil {
		return fmt.Errorf("the controller manager stopped: %w", err)
	}
	return nil
}

func options(ctx context.Context, mgr ctrl.Manager, f flags, log logging.Logger) (reconciler.Options, error) {
	var opts []connect.ConnectorOption
	if !f.inventory {
		opts = append(opts, connect.WithoutInventory())
	}
	if !f.rateLimiting {
		opts = append(opts, connect.WithoutRateLimiting())
	}
	connector, err := connect.NewConnector(mgr.GetClient(), mgr.GetAPIReader(), f.baseURL, opts...)
	if err != nil {
		return reconciler.Options{}, fmt.Errorf("cannot use --default-base-url: %w", err)
	}
	recorder := managed.NewMRMetricRecorder()
	states := statemetrics.NewMRStateMetrics()
	metrics.Registry.MustRegister(recorder, states)

	o := reconciler.Options{
		Options: xpcontroller.Options{
			Logger:                  log,
			MaxConcurrentReconciles: f.maxReconcileRate,
			PollInterval:            f.poll,
			GlobalRateLimiter:       ratelimiter.NewGlobal(f.maxReconcileRate),
			Features:                &feature.Flags{},
			MetricOptions: &xpcontroller.MetricOptions{
				PollStateMetricInterval: f.pollStateMetric,
				MRMetrics:               recorder,
				MRStateMetrics:          states,
			},
		},
		Connector:               connector,
		Ownership:               reconciler.NewOwnership(mgr.GetClient()),
		ClusterIdentityInterval: f.clusterKeys,
		MinPollInterval:         f.minPoll,
		PollJitter:              float64(f.pollJitter) / 100,
		InFlightGrace:           f.inFlightGrace,
		ScopesReapplyInterval:   f.scopesReapply,
	}
	if f.managementPolicies {
		o.Features.Enable(feature.EnableBetaManagementPolicies)
	}
	if f.changeLogs {
		conn, err := grpc.NewClient("unix://"+f.changeLogsSocket, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return o, fmt.Errorf("cannot use the change log socket %q: %w", f.changeLogsSocket, err)
		}
		o.Features.Enable(feature.EnableAlphaChangeLogs)
		o.ChangeLogOptions = &xpcontroller.ChangeLogOptions{
			ChangeLogger: managed.NewGRPCChangeLogger(
				changelogsv1alpha1.NewChangeLogServiceClient(conn),
				managed.WithProviderVersion("provider-openai:"+version.Version)),
		}
	}

	may, err := controller.MayWatchCRDs(ctx, mgr.GetClient(), grantTimeout)
	if err != nil {
		return o, err
	}
	if may {
		o.Gate = &gate.Gate[schema.GroupVersionKind]{}
		if err := customresourcesgate.Setup(mgr, o.Options); err != nil {
			return o, fmt.Errorf("cannot watch CustomResourceDefinitions: %w", err)
		}
	}
	return o, nil
}
