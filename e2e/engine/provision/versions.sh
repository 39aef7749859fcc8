# What is downloaded, by exact version where the source keeps old ones. Debian packages come in their suite's version.
# shellcheck shell=bash disable=SC2034

# To be raised when this version of the scripts cannot use a folder that an earlier one made: it becomes a new folder.
FOLDER_VERSION=1

# The engine comes from the first suite whose packages install and run here: sid has Docker 28, trixie has 26.
ENGINE_SUITES="sid trixie"
ENGINE_PACKAGES="docker.io docker-cli docker-buildx docker-compose containerd docker-registry"
MONITORING_PACKAGES="prometheus promtool prometheus-alertmanager prometheus-node-exporter prometheus-postgres-exporter prometheus-redis-exporter"

# node:npm. 18 has ended, and is what hurried people still build on: the bundled example does.
NODES="18.20.8:10.9.9 20.20.2:10.9.9 22.23.3:10.9.9 24.21.0:11.19.1"
NODE_TOOLS="corepack@0.34.0 yarn@1.22.22"
MUSL_NODES="22.20.0 24.19.0"

CPYTHONS="3.11.3-1.5.9 3.12.1-1.5.10 3.13.5-1.5.12 3.14.3-1.5.13"
POSTGRES16="16.10.0"
WHEELS="pip==25.0.1 setuptools==79.0.1 wheel==0.45.1"

# Names that mean the private registry inside the engine's own mount namespace.
PUBLIC_REGISTRIES="registry-1.docker.io docker.io index.docker.io gcr.io ghcr.io quay.io mcr.microsoft.com registry.k8s.io public.ecr.aws"
