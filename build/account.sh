# Who runs what. PostgreSQL refuses to run as root, so root hands its processes over to the account that Debian's packages
# make for it; an ordinary user runs everything as he is.
# shellcheck shell=bash

postgres_account=postgres

say() { printf '%s\n' "== $*" >&2; }

fail() {
  printf '%s\n' "error: $*" >&2
  exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

# Runs a command as an account that may run PostgreSQL, without anything of root's own home, of the directory we are in
# (which that account may not enter), or of a surrounding PostgreSQL.
as_postgres() {
  local without=() name
  for name in $(compgen -e); do
    case $name in PG* | XDG_*) without+=(-u "$name") ;; esac
  done
  if is_root; then
    setpriv --reuid="$postgres_account" --regid="$postgres_account" --init-groups \
      env "${without[@]}" --chdir="${postgres_home:?}" HOME="$postgres_home" USER="$postgres_account" LOGNAME="$postgres_account" "$@"
  else
    env "${without[@]}" "$@"
  fi
}

# One scratch directory a run, which PostgreSQL's account may write in. It goes when the script ends.
make_scratch() {
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/pg_autoctl.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  postgres_home=$scratch/home
  mkdir -p "$postgres_home"
  chmod 755 "$scratch"
  if is_root; then
    chown "$postgres_account:" "$postgres_home"
  fi
}

# Prints where PostgreSQL's account finds this file or directory: in place, or, when it cannot read there (a clone below
# /root), in a copy.
readable_by_postgres() {
  local original=$1 copy
  if as_postgres test -r "$original" -a -x "$original"; then
    echo "$original"
    return
  fi
  copy=$scratch/copies$original
  if [ ! -e "$copy" ]; then
    mkdir -p "$(dirname "$copy")"
    cp -a "$original" "$copy"
    chmod -R a+rX "$scratch/copies"
  fi
  echo "$copy"
}
