# pg_autoctl with PostgreSQL, for monitors and nodes: docs/operations/containers.md.
#
#   docker build -t pg_auto_failover .
#   docker build -t pg_auto_failover:17 --build-arg PG_MAJOR=17 .

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN ./build.sh build pg_autoctl

FROM debian:bookworm-slim
ARG PG_MAJOR=15

# PostgreSQL of Debian, or of its own developers where another major version is asked for. The package would also make a first
# cluster, which nobody needs here.
RUN set -eu; \
    export DEBIAN_FRONTEND=noninteractive; \
    apt-get update; \
    apt-get install --yes --no-install-recommends ca-certificates libssl3 postgresql-common tini; \
    sed -i 's/^#*create_main_cluster .*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf; \
    if [ "$PG_MAJOR" != 15 ]; then /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y; fi; \
    apt-get install --yes --no-install-recommends "postgresql-$PG_MAJOR"; \
    apt-get clean; \
    rm -rf /var/lib/apt/lists/*

# The volume's place, and home of the user in whose name everything runs; the package has made him.
RUN set -eu; \
    usermod --home /var/lib/postgres postgres; \
    install --directory --owner postgres --group postgres --mode 0750 /var/lib/postgres

COPY --from=build /source/dist/pg_autoctl /usr/local/bin/pg_autoctl

ENV PATH="/usr/lib/postgresql/$PG_MAJOR/bin:/usr/local/bin:/usr/bin:/bin" \
    LANG=C.UTF-8 \
    PGDATA=/var/lib/postgres/pgaf
USER postgres
WORKDIR /var/lib/postgres
VOLUME /var/lib/postgres
EXPOSE 5432

# tini is process 1: it passes signals on, and buries what PostgreSQL leaves behind.
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["pg_autoctl", "run"]
