# Pailot in a container: no root, nothing to write but /data, and a health check that asks the bot itself.
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY db db
COPY migrations migrations
RUN python -m venv /opt/pailot \
    && /opt/pailot/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt .

FROM python:3.11-slim
RUN groupadd --gid 10001 pailot \
    && useradd --uid 10001 --gid pailot --home-dir /data --no-create-home --shell /usr/sbin/nologin pailot \
    && install -d -o pailot -g pailot -m 0700 /data
COPY --from=build /opt/pailot /opt/pailot
ENV PATH=/opt/pailot/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PAILOT_WEB__HOST=0.0.0.0
USER pailot:pailot
# The database of the settings' default, sqlite:///pailot.db, lands here.
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["pailot", "healthcheck"]
ENTRYPOINT ["pailot"]
CMD ["run"]
