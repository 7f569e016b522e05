{{- /* The whole document: kinds with the types that only they use, then the types that several use. */ -}}
{{- define "gvList" -}}
<!-- Generated from apis/ by make generate: do not edit. -->

# API reference
{{ range $gv := . }}
The kinds of `{{ $gv.GroupVersionString }}`. How they work together is described in [Concepts](concepts.md),
and manifests are in [examples](../examples). A field that is not called required can be left out.

| kind | parts |
| --- | --- |
{{ range $gv.SortedKinds -}}
{{ template "row" ($gv.TypeForKind .) }}
{{ end }}
{{- range $gv.SortedKinds }}
{{- template "kind" (dict "gv" $gv "type" ($gv.TypeForKind .)) }}
{{- end }}
## Shared types

These belong to more than one of the types above.
{{ range $gv.SortedTypes }}
{{- /* Types that others embed are no types of the API. */}}
{{- if and (not .GVK) (gt (len .References) 1) (not (has .Name (list "OrganizationScoped" "ProjectScoped" "Scope"))) }}
{{- template "type" (dict "type" . "observed" (hasSuffix "Status" .Name)) }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "row" -}}
{{- $parts := list }}
{{- range .Members }}
{{- if ne .Name "metadata" }}{{ $parts = append $parts (printf "`%s` _%s_" .Name (markdownRenderType .Type)) }}{{ end }}
{{- end -}}
| {{ markdownRenderTypeLink . }} | {{ join ", " $parts }} |
{{- end -}}
