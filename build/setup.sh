# Installs what is missing, and nothing else: no upgrades, no server that starts by itself.
# shellcheck shell=bash

# What the product's tests need of a machine, as "command Debian-package".
needed_commands=(
  "setpriv util-linux"
  "ip iproute2"
  "ps procps"
  "gcc gcc"
  "make make"
  "tmux tmux"
)

setup() {
  command -v dotnet >/dev/null ||
    fail "the .NET SDK is not installed: install version $(sdk_version) or later, then try again"

  local packages=() need
  for need in "${needed_commands[@]}"; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${need%% *}" >/dev/null || packages+=("${need#* }")
  done
  # Any major version will do. Before Debian 13 the contrib modules (dblink) may be a package of their own.
  server_is_complete || packages+=(postgresql postgresql-contrib)

  if [ ${#packages[@]} -gt 0 ]; then
    say "installing ${packages[*]}"
    install_packages "${packages[@]}"
    server_is_complete || fail "PostgreSQL's server or its extension dblink is still missing after installing ${packages[*]}"
  fi
  set_up_headers
}

# The promoter's module is compiled against the newest server that is installed. Its headers in the very version of the server, where that can
# still be had, so that the server is not upgraded by the way.
set_up_headers() {
  local major version
  major=$(newest_server)
  [ ! -e "/usr/include/postgresql/$major/server/postgres.h" ] || return 0
  version=$(dpkg-query --show --showformat='${Version}' "postgresql-$major" 2>/dev/null || :)
  say "installing postgresql-server-dev-$major"
  install_packages "postgresql-server-dev-$major${version:+=$version}" || install_packages "postgresql-server-dev-$major"
}

newest_server() {
  local bin
  for bin in /usr/lib/postgresql/*/bin/postgres; do
    basename "$(dirname "$(dirname "$bin")")"
  done | sort -n | tail -1
}

sdk_version() { sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' global.json; }

server_is_complete() {
  local bin major
  for bin in /usr/lib/postgresql/*/bin; do
    major=$(basename "$(dirname "$bin")")
    if [ -x "$bin/postgres" ] && [ -x "$bin/pgbench" ] && [ -e "/usr/share/postgresql/$major/extension/dblink.control" ]; then
      return 0
    fi
  done
  return 1
}

install_packages() {
  local as_root=()
  if ! is_root; then
    if ! command -v sudo >/dev/null || ! sudo -v; then
      fail "missing: $*. Install them as root (apt-get install $*), or let this account use sudo"
    fi
    as_root=(sudo)
  fi
  command -v apt-get >/dev/null || fail "missing: $*. This machine has no apt-get: install what they stand for, then try again"
  "${as_root[@]}" bash -s -- "$@" <<'ROOT'
    set -euo pipefail
    export DEBIAN_FRONTEND=noninteractive
    # Installing a server makes a cluster and starts it on port 5432. Nobody asked for one: for the time of this
    # installation, say so where the packages look.
    drop_in=/etc/postgresql-common/createcluster.d/no-cluster-for-pg-autoctl-setup.conf
    trap 'rm -f "$drop_in"; rmdir --ignore-fail-on-non-empty /etc/postgresql-common/createcluster.d 2>/dev/null || :' EXIT
    mkdir -p "$(dirname "$drop_in")"
    echo 'create_main_cluster = false' > "$drop_in"
    install=(apt-get install --yes --quiet --no-upgrade --no-install-recommends "$@")
    # The lists of packages may be missing or so old that they name files that are gone.
    "${install[@]}" >/dev/null 2>&1 || { apt-get update --quiet && "${install[@]}"; }
ROOT
}
