{{/* SPDX-License-Identifier: Apache-2.0 */}}
{{- define "cgroup2-exporter.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "cgroup2-exporter.fullname" -}}
{{- $name := include "cgroup2-exporter.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "cgroup2-exporter.selector" -}}
app.kubernetes.io/name: {{ include "cgroup2-exporter.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: exporter
{{- end -}}

{{- define "cgroup2-exporter.labels" -}}
{{ include "cgroup2-exporter.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" | quote }}
{{- end -}}

{{- define "cgroup2-exporter.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "cgroup2-exporter.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "cgroup2-exporter.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "cgroup2-exporter.path" -}}
{{- dig "web" "telemetry_path" "/metrics" (default dict .Values.config) -}}
{{- end -}}

{{/* The labels of a series describe the cgroup. Those of the exporter's own pod must not be added to series without them. */}}
{{- define "cgroup2-exporter.endpoint" -}}
- port: metrics
  path: {{ include "cgroup2-exporter.path" . | quote }}
  interval: {{ .monitor.interval }}
  {{- with .monitor.scrapeTimeout }}
  scrapeTimeout: {{ . }}
  {{- end }}
  honorLabels: true
  relabelings:
    # Alerts and dashboards know it by this name, whatever the release is called.
    - action: replace
      targetLabel: job
      replacement: cgroup2-exporter
    - action: replace
      sourceLabels:
        - __meta_kubernetes_pod_node_name
      targetLabel: instance
    - action: labeldrop
      regex: namespace|pod|container|service|endpoint
    {{- with .monitor.relabelings }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .monitor.metricRelabelings }}
  metricRelabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
