{{- define "kind" }}
## {{ .type.Name }}

{{ .type.Doc | trim }}
{{ range .type.Members }}
{{- if ne .Name "metadata" }}
{{- template "member" (dict "gv" $.gv "member" . "observed" (eq .Name "status")) }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* The type of a member, unless it is a basic one, or has its place elsewhere. */ -}}
{{- define "member" }}
{{- $type := .member.Type }}
{{- if $type.UnderlyingType }}{{ $type = $type.UnderlyingType }}{{ end }}
{{- if $type.ValueType }}{{ $type = $type.ValueType }}{{ end }}
{{- $type = index .gv.Types $type.Name }}
{{- if and $type (eq (len $type.References) 1) }}
{{- template "type" (dict "type" $type "observed" .observed) }}
{{- range $type.Members }}
{{- template "member" (dict "gv" $.gv "member" . "observed" $.observed) }}
{{- end }}
{{- end }}
{{- end -}}
