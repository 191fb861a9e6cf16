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

{{- define "cgroup2-exporter.hasTls" -}}
{{- if or .Values.web.tls.existingSecret .Values.web.tls.certManager.enabled }}true{{ end -}}
{{- end -}}

{{- define "cgroup2-exporter.tlsSecret" -}}
{{- default (printf "%s-tls" (include "cgroup2-exporter.fullname" .)) .Values.web.tls.existingSecret -}}
{{- end -}}

{{- define "cgroup2-exporter.serverName" -}}
{{- first (concat (default list .Values.web.tls.certManager.dnsNames) (list (printf "%s.%s.svc" (include "cgroup2-exporter.fullname" .) .Release.Namespace))) -}}
{{- end -}}

{{/* Whether the exporter itself has a web-config.yml. */}}
{{- define "cgroup2-exporter.hasWebConfig" -}}
{{- if and (not .Values.kubeRbacProxy.enabled) (or .Values.web.config.existingSecret (include "cgroup2-exporter.hasTls" .)) }}true{{ end -}}
{{- end -}}

{{/* Whether another container has the metrics port. */}}
{{- define "cgroup2-exporter.isBehindProxy" -}}
{{- if or .Values.kubeRbacProxy.enabled (ne .Values.web.listenAddress ":9306") }}true{{ end -}}
{{- end -}}

{{/* Whether the kubelet cannot ask at the metrics port. */}}
{{- define "cgroup2-exporter.isGuarded" -}}
{{- if or (include "cgroup2-exporter.isBehindProxy" .) (include "cgroup2-exporter.hasWebConfig" .) }}true{{ end -}}
{{- end -}}

{{- define "cgroup2-exporter.scheme" -}}
{{- ternary "https" "http" (or .Values.kubeRbacProxy.enabled (not (empty (include "cgroup2-exporter.hasTls" .)))) -}}
{{- end -}}

{{- define "cgroup2-exporter.webConfig" -}}
tls_server_config:
  cert_file: tls.crt
  key_file: tls.key
  min_version: {{ .Values.web.tls.minVersion }}
  {{- if ne .Values.web.tls.clientAuthType "NoClientCert" }}
  client_auth_type: {{ .Values.web.tls.clientAuthType }}
  {{- end }}
  {{- if has .Values.web.tls.clientAuthType (list "VerifyClientCertIfGiven" "RequireAndVerifyClientCert") }}
  client_ca_file: ca.crt
  {{- end }}
  {{- with .Values.web.tls.clientAllowedSans }}
  client_allowed_sans:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "cgroup2-exporter.proxyImage" -}}
{{- if .Values.kubeRbacProxy.image.digest -}}
{{- printf "%s@%s" .Values.kubeRbacProxy.image.repository .Values.kubeRbacProxy.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.kubeRbacProxy.image.repository .Values.kubeRbacProxy.image.tag -}}
{{- end -}}
{{- end -}}

{{- define "cgroup2-exporter.path" -}}
{{- dig "web" "telemetry_path" "/metrics" (default dict .Values.config) -}}
{{- end -}}

{{/* What a monitor scrapes. */}}
{{- define "cgroup2-exporter.endpoints" -}}
{{ include "cgroup2-exporter.endpoint" (merge (dict "path" (include "cgroup2-exporter.path" .) "job" "cgroup2-exporter") .) }}
{{- if .Values.cadvisor.enabled }}
{{ include "cgroup2-exporter.endpoint" (merge (dict "path" "/metrics/cadvisor" "job" "kubelet") .) }}
{{- end }}
{{- end -}}

{{/* The labels of a series describe the cgroup. Those of the exporter's own pod must not be added to series without them. */}}
{{- define "cgroup2-exporter.endpoint" -}}
- port: metrics
  path: {{ .path | quote }}
  interval: {{ .monitor.interval }}
  {{- with .monitor.scrapeTimeout }}
  scrapeTimeout: {{ . }}
  {{- end }}
  scheme: {{ default (include "cgroup2-exporter.scheme" .) .monitor.scheme }}
  {{- if .monitor.tlsConfig }}
  tlsConfig:
    {{- toYaml .monitor.tlsConfig | nindent 4 }}
  {{- else if .Values.web.tls.certManager.enabled }}
  tlsConfig:
    ca:
      secret:
        name: {{ include "cgroup2-exporter.tlsSecret" . | quote }}
        key: ca.crt
    serverName: {{ include "cgroup2-exporter.serverName" . | quote }}
  {{- end }}
  {{- with .monitor.authorization }}
  authorization:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .monitor.basicAuth }}
  basicAuth:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .monitor.bearerTokenFile }}
  bearerTokenFile: {{ . | quote }}
  {{- end }}
  honorLabels: true
  relabelings:
    # Alerts and dashboards know it by this name, whatever the release is called.
    - action: replace
      targetLabel: job
      replacement: {{ .job }}
    {{- if eq .job "kubelet" }}
    # As the kubelet's own series have it, for selectors that are written for these.
    - action: replace
      targetLabel: metrics_path
      replacement: {{ .path }}
    - action: replace
      sourceLabels:
        - __meta_kubernetes_pod_node_name
      targetLabel: node
    {{- end }}
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

{{- define "cgroup2-exporter.limits" -}}
{{- with .monitor.sampleLimit }}
sampleLimit: {{ . }}
{{- end }}
{{- with .monitor.labelLimit }}
labelLimit: {{ . }}
{{- end }}
{{- with .monitor.labelValueLengthLimit }}
labelValueLengthLimit: {{ . }}
{{- end }}
{{- with .monitor.bodySizeLimit }}
bodySizeLimit: {{ . | quote }}
{{- end }}
{{- end -}}

{{/* The flags that say where the bundles are, if the exporter does not look there by itself. */}}
{{- define "cgroup2-exporter.rootArgs" -}}
{{- $parent := dir .Values.bundles -}}
{{- if hasSuffix "/io.containerd.runtime.v2.task" .Values.bundles -}}
{{- if not (has $parent (list "/run/containerd" "/run/k3s/containerd" "/run/k0s/containerd" "/var/snap/microk8s/common/run/containerd")) -}}
- {{ printf "--path.containerd-state=%s" $parent | quote }}
{{- end -}}
{{- else if not (has $parent (list "/run/containers/storage" "/var/lib/containers/storage")) -}}
- {{ printf "--path.storage-graphroot=%s" $parent | quote }}
- {{ printf "--path.storage-runroot=%s" $parent | quote }}
{{- end -}}
{{- end -}}
