{{- define "type" }}
### {{ .type.Name }}

{{ .type.Doc | trim }}
{{ if .type.Members }}
| field | meaning | default | validation |
| --- | --- | --- | --- |
{{ range .type.Members -}}
| `{{ .Name }}` _{{ markdownRenderType .Type }}_ | {{ template "text" .Doc }} | {{ if .Default }}`{{ .Default | replace "{  }" "{}" }}`{{ end }} | {{ template "validation" (dict "member" . "observed" $.observed) }} |
{{ end }}
{{- end }}
{{- with index .type.Markers "kubebuilder:validation:XValidation" }}
Rules:
{{ range . }}
- {{ .Message }}
{{- end }}
{{ end }}
{{- end -}}

{{- /* A comment in one line, as a cell of a table has to be. */ -}}
{{- define "text" }}{{ markdownRenderFieldDoc . | replace "<br />" " " }}{{ end -}}

{{- /* What the API server checks. Rules of a type of ours are listed below its own table. */ -}}
{{- define "validation" }}
{{- $said := list }}
{{- $required := not (or .observed .member.Default) }}
{{- range .member.Validation }}
{{- if hasPrefix "Optional" . }}{{ $required = false }}
{{- else if not (hasPrefix "Required" .) }}{{ $said = append $said (markdownRenderFieldDoc . | trim) }}
{{- end }}
{{- end }}
{{- $type := .member.Type }}
{{- if $type.UnderlyingType }}{{ $type = $type.UnderlyingType }}{{ end }}
{{- if not (contains "provider-openai" $type.Package) }}
{{- range index .member.Markers "kubebuilder:validation:XValidation" }}{{ $said = append $said .Message }}{{ end }}
{{- end }}
{{- if $required }}{{ $said = prepend $said "required" }}{{ end }}
{{- join "<br />" $said }}
{{- end -}}
