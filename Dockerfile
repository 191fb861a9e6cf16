# SPDX-License-Identifier: Apache-2.0
# The image: the exporter in one file, CA certificates and licences, and nothing else. For amd64 and arm64, each built on its own kind:
#   docker buildx build --platform linux/amd64,linux/arm64 .
# BASE may name a digest, for the same inputs every time.
ARG BASE=docker.io/library/debian:bookworm-slim

FROM ${BASE} AS build
WORKDIR /src
COPY scripts/setup scripts/lib.sh scripts/
RUN scripts/setup --static
COPY . .
RUN cmake --preset release -DBUILD_TESTING=OFF \
 && cmake --build --preset release --target cgroup2_exporter_static \
 && deploy/image/collect.sh build/release/static/cgroup2_exporter /image

# What is in the image: docker build --target sbom --output type=local,dest=DIRECTORY .
FROM build AS list
RUN scripts/sbom --image /image/usr/bin/cgroup2_exporter > /image.spdx.json

FROM scratch AS sbom
COPY --from=list /image.spdx.json /

FROM scratch
ARG BASE
ARG VERSION=0.1.0
ARG REVISION=
ARG SOURCE=
LABEL org.opencontainers.image.title="cgroup2_exporter" \
      org.opencontainers.image.description="Prometheus exporter for every cgroup v2 of a host" \
      org.opencontainers.image.base.name="${BASE}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
COPY --from=build /image /
USER 65534:65534
EXPOSE 9306
# Of port 9306: who has it listen elsewhere gives the health check the same --web.listen-address.
HEALTHCHECK --interval=30s --timeout=10s CMD ["/usr/bin/cgroup2_exporter", "--healthcheck"]
ENTRYPOINT ["/usr/bin/cgroup2_exporter"]
