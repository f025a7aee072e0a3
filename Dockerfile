# The sidecar as an image. Nothing is fetched but the base, pinned by its digest, and the wheels that the lock files name
# with their digests; libmagic comes as one of them, so no package manager of the system runs.
#
#   docker build -t upload-sidecar .
#   docker run --rm --read-only --cap-drop ALL --tmpfs /tmp:rw,noexec,nosuid,nodev \
#     -e SIDECAR_UPSTREAM__URL=http://service:8000 -p 8080:8080 -p 9090:9090 upload-sidecar
#
# Another base with Python 3.11, pip and glibc: --build-arg BASE=...
# Packages from a mirror of your own: --secret id=pip,src=pip.conf
ARG BASE=python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b

FROM ${BASE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ONLY_BINARY=:all: PIP_ROOT_USER_ACTION=ignore \
    SOURCE_DATE_EPOCH=1767225600
WORKDIR /src
COPY deploy/image/build.lock requirements.lock ./
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    python3 -m venv /build \
 && /build/bin/pip install --require-hashes --no-deps -r build.lock \
 && python3 -m venv --without-pip /opt/upload-sidecar \
 && /build/bin/pip --python /opt/upload-sidecar/bin/python install --no-compile --require-hashes --no-deps \
    -r requirements.lock
COPY pyproject.toml README.md ./
COPY sidecar sidecar
RUN /build/bin/pip wheel --no-index --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /build/bin/pip --python /opt/upload-sidecar/bin/python install --no-compile --no-index --no-deps /wheels/*.whl
# Byte code is made now, as the file system of a running container is read-only: of Python's own library, too, which
# official images come without; and without docstrings and columns of tracebacks, which take 3 MB of memory. By digest, as
# the times of files differ from build to build.
RUN export PYTHONPYCACHEPREFIX=/opt/upload-sidecar/bytecode PYTHONNODEBUGRANGES=1 \
 && /opt/upload-sidecar/bin/python -OO -m compileall -q -j 0 --invalidation-mode unchecked-hash \
    -x '/(test|tests|idlelib|lib2to3|tkinter|turtledemo|ensurepip|distutils|pydoc_data|unittest|site-packages/pip)/' \
    "$(python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')" /opt/upload-sidecar/lib

FROM ${BASE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="upload-sidecar" \
      org.opencontainers.image.description="A reverse proxy that inspects file uploads before a legacy service sees them" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /opt/upload-sidecar /opt/upload-sidecar
COPY deploy/image/sidecar.yaml /etc/upload-sidecar/sidecar.yaml
# Behind the first line all is memory: the byte code from above, and no C++ library for lists that are made once.
ENV PATH=/opt/upload-sidecar/bin:/usr/local/bin:/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    PYTHONPYCACHEPREFIX=/opt/upload-sidecar/bytecode PYTHONNODEBUGRANGES=1 PYTHONOPTIMIZE=2 FROZENLIST_NO_EXTENSIONS=1
# A number, so that Kubernetes can see that it is not root (runAsNonRoot).
USER 65532:65532
WORKDIR /tmp
EXPOSE 8080 9090 9091
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
  CMD ["upload-sidecar", "health", "--config", "/etc/upload-sidecar/sidecar.yaml"]
ENTRYPOINT ["upload-sidecar"]
CMD ["run", "--config", "/etc/upload-sidecar/sidecar.yaml"]
