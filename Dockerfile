# The tool for pipelines and for trying it out: docs/install.md tells how to run it.
# The base image is named by its tag, which gets security updates with each build; dependabot.yml raises the tag.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /source
COPY pyproject.toml README.md LICENSE constraints.txt action.yml ./
COPY schemas schemas
COPY reconciler reconciler
RUN python -m venv --without-pip /opt/reconciler \
    && python -m pip --python /opt/reconciler/bin/python install --constraint constraints.txt ".[emulator,bucket]"

FROM python:3.13-slim-bookworm
# `plan --changed-since` asks git what files were at another commit. Debian keeps the newest patch of git only, so a
# version that is named here could soon not be installed any more.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/reconciler /opt/reconciler
# Nothing is written but to the folder that is worked in and to /tmp, so the rest can be read-only.
ENV PATH=/opt/reconciler/bin:$PATH HOME=/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["reconciler"]
CMD ["--help"]
