// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	spdxjson "github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v2/common"
	spdx "github.com/spdx/tools-golang/spdx/v2/v2_3"
)

// noAssertion is SPDX's value for unknown.
const noAssertion = "NOASSERTION"

// Identifiers of the packages in every bill of materials.
const (
	documentID common.ElementID = "DOCUMENT"
	imageID    common.ElementID = "Image"
	programID  common.ElementID = "Program"
	rootsID    common.ElementID = "CertificateAuthorities"
)

// billOfMaterials lists the contents of an image in SPDX 2.3: the program with its Go modules, and
// the certificate authorities. It is read from the program itself, so that it matches what runs,
// and is reproducible.
func billOfMaterials(r release, p program, trusted roots) ([]byte, error) {
	sum := sha256.Sum256(p.data)
	checksum := hex.EncodeToString(sum[:])
	platform := p.platform()

	doc := &spdx.Document{
		SPDXVersion:    spdx.Version,
		DataLicense:    spdx.DataLicense,
		SPDXIdentifier: documentID,
		DocumentName:   "provider-openai-" + platform.OS + "-" + platform.Architecture,
		// SPDX requires a unique URI. It need not resolve.
		DocumentNamespace: source + "/sbom/" + url.PathEscape(r.version) + "/" + checksum,
		CreationInfo: &spdx.CreationInfo{
			Created: r.created.UTC().Format(time.RFC3339),
			Creators: []common.Creator{
				{CreatorType: "Organization", Creator: author},
				{CreatorType: "Tool", Creator: "provider-openai/cluster/release/images"},
			},
		},
	}

	image := ours(imageID, "provider-openai", r.version, "CONTAINER")
	image.PackageSummary = "Runtime image for " + platform.String()
	program := ours(programID, p.info.Main.Path, r.version, "APPLICATION")
	program.PackageFileName = p.path()
	program.PackageChecksums = []common.Checksum{{Algorithm: common.SHA256, Value: checksum}}
	program.PackageExternalReferences = purl(p.info.Main.Path, r.version)
	certificates := module(rootsID, trusted.module)
	certificates.PackageFileName = rootsFile
	doc.Packages = []*spdx.Package{image, program, certificates}
	doc.Relationships = []*spdx.Relationship{
		relation(documentID, common.TypeRelationshipDescribe, imageID),
		relation(imageID, common.TypeRelationshipContains, programID),
		relation(imageID, common.TypeRelationshipContains, rootsID),
	}

	// The standard library has versions and vulnerabilities like a module.
	goVersion, _, _ := strings.Cut(strings.TrimPrefix(p.info.GoVersion, "go"), " ")
	linked := append([]*debug.Module{{Path: "stdlib", Version: goVersion}}, p.info.Deps...)
	for _, m := range linked {
		if m.Replace != nil {
			m = m.Replace
		}
		id := elementID(m)
		doc.Packages = append(doc.Packages, module(id, m))
		doc.Relationships = append(doc.Relationships, relation(programID, common.TypeRelationshipDependsOn, id))
	}

	var b bytes.Buffer
	if err := spdxjson.Write(doc, &b, spdxjson.Indent("  "), spdxjson.EscapeHTML(false)); err != nil {
		return nil, fmt.Errorf("cannot write the bill of materials: %w", err)
	}
	return b.Bytes(), nil
}

// ours returns a package of this project.
func ours(id common.ElementID, name, version, purpose string) *spdx.Package {
	return &spdx.Package{
		PackageSPDXIdentifier:   id,
		PackageName:             name,
		PackageVersion:          version,
		PackageSupplier:         &common.Supplier{SupplierType: "Organization", Supplier: author},
		PackageDownloadLocation: "git+" + source,
		PackageLicenseConcluded: "Apache-2.0",
		PackageLicenseDeclared:  "Apache-2.0",
		PackageCopyrightText:    "Copyright 2026 " + author,
		PrimaryPackagePurpose:   purpose,
	}
}

// module returns a third-party package. The build information contains no licenses.
func module(id common.ElementID, m *debug.Module) *spdx.Package {
	p := &spdx.Package{
		PackageSPDXIdentifier:     id,
		PackageName:               m.Path,
		PackageVersion:            m.Version,
		PackageDownloadLocation:   noAssertion,
		PackageLicenseConcluded:   noAssertion,
		PackageLicenseDeclared:    noAssertion,
		PackageCopyrightText:      noAssertion,
		PrimaryPackagePurpose:     "LIBRARY",
		PackageExternalReferences: purl(m.Path, m.Version),
	}
	if m.Sum != "" {
		// Go's module checksum is none of SPDX's checksum algorithms.
		p.PackageSourceInfo = "go.sum: " + m.Sum
	}
	return p
}

// purl is a module's identifier in vulnerability databases. Its specification requires lower case
// for Go paths.
func purl(path, version string) []*spdx.PackageExternalReference {
	locator := "pkg:golang/" + strings.ToLower(path) + "@" + strings.ReplaceAll(url.PathEscape(version), "+", "%2B")
	return []*spdx.PackageExternalReference{{
		Category: common.CategoryPackageManager,
		RefType:  common.TypePackageManagerPURL,
		Locator:  locator,
	}}
}

// notInID matches characters that SPDX does not allow in identifiers.
var notInID = regexp.MustCompile(`[^A-Za-z0-9.-]+`)

func elementID(m *debug.Module) common.ElementID {
	return common.ElementID("Module-" + notInID.ReplaceAllString(m.Path, "-") + "-" + notInID.ReplaceAllString(m.Version, "-"))
}

func relation(from common.ElementID, kind string, to common.ElementID) *spdx.Relationship {
	return &spdx.Relationship{
		RefA:         common.DocElementID{ElementRefID: from},
		Relationship: kind,
		RefB:         common.DocElementID{ElementRefID: to},
	}
}
