# deepsky with its page, its models and the PostgreSQL driver. Usage: docs/how-to/service.md.
# tests/test_image_build.py runs these stages without Docker.

FROM node:22.21.1-bookworm-slim AS page
WORKDIR /deepsky/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY samples ../samples
COPY web ./
RUN npm run build

FROM python:3.13.9-slim-bookworm AS wheel
WORKDIR /deepsky
COPY constraints.txt ./
RUN pip install --no-cache-dir --constraint constraints.txt hatchling hatch-fancy-pypi-readme
COPY pyproject.toml hatch_build.py README.md LICENSE NOTICE.md ./
COPY samples/CREDITS.md samples/
COPY src src
COPY --from=page /deepsky/src/deepsky/server/static src/deepsky/server/static
RUN python -m hatchling build --target wheel --directory /dist

FROM python:3.13.9-slim-bookworm
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin deepsky \
    && install --directory --owner deepsky --group deepsky --mode 700 /data
RUN --mount=type=bind,from=wheel,source=/dist,target=/dist \
    --mount=type=bind,source=constraints.txt,target=/constraints.txt \
    pip install --no-cache-dir --constraint /constraints.txt "$(echo /dist/*.whl)[postgresql]"
# With SOLVER=1, images are placed on the sky by astrometry.net and its Tycho-2 index (400 MB).
ARG SOLVER=0
RUN if [ "$SOLVER" = 1 ]; then \
        apt-get update \
        && apt-get install --yes --no-install-recommends astrometry.net \
            astrometry-data-tycho2-07-littleendian astrometry-data-tycho2-08-littleendian \
            astrometry-data-tycho2-09-littleendian astrometry-data-tycho2-10-19-littleendian \
        && rm -rf /var/lib/apt/lists/*; \
    fi
# By number, so that Kubernetes can verify that it is not root (runAsNonRoot).
USER 10001:10001
# The user has no home folder: everything that lasts is in DEEPSKY_DATA.
ENV HOME=/tmp \
    DEEPSKY_DATA=/data \
    DEEPSKY_HOST=0.0.0.0 \
    DEEPSKY_PORT=8000
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s \
    CMD ["python", "-c", "import json, os, sys; from http.client import HTTPConnection; c = HTTPConnection('127.0.0.1', int(os.environ['DEEPSKY_PORT']), timeout=4); c.request('GET', '/api/v1/health'); sys.exit(not json.load(c.getresponse()).get('ready'))"]
ENTRYPOINT ["deepsky"]
CMD ["serve"]
