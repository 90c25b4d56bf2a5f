# The promoter: a program of ours, and a module for each PostgreSQL whose server headers are installed.
# shellcheck shell=bash

promoter_program=$root/dist/pg_promoter

# Publishes dist/pg_promoter, and builds dist/promoter/MAJOR/pg_promoter.so.
build_promoter() {
  local config
  publish_project src/Promoter pg_promoter
  for config in $(server_configs); do
    build_module "$config"
  done
  [ -n "$(server_configs)" ] || fail "no server headers of PostgreSQL are installed: ./build.sh setup installs them"
}

# The pg_config of each installed PostgreSQL that a module can be built for.
server_configs() {
  local config
  for config in /usr/lib/postgresql/*/bin/pg_config; do
    # The makefiles come with the client, the headers do not.
    if [ -x "$config" ] && [ -e "$("$config" --pgxs)" ] && [ -e "$("$config" --includedir-server)/postgres.h" ]; then
      echo "$config"
    fi
  done
}

major_of() { basename "$(dirname "$(dirname "$1")")"; }

# In a copy, so that versions do not meet each other's object files. Without bitcode: there is nothing in it to be inlined.
build_module() {
  local config=$1 place
  place=dist/promoter/$(major_of "$config")
  say "building $place/pg_promoter.so"
  rm -rf "$place"
  mkdir -p "$place"
  cp src/Promoter.Worker/* "$place/"
  make --silent -C "$place" PG_CONFIG="$config" with_llvm=no PROMOTER_PROGRAM="$promoter_program"
}

# install_module MAJOR DESTDIR: what "make install" does, below another root.
install_module() {
  make --silent -C "dist/promoter/$1" install PG_CONFIG="/usr/lib/postgresql/$1/bin/pg_config" with_llvm=no \
    PROMOTER_PROGRAM="$promoter_program" DESTDIR="$2" >/dev/null
}

# install_promoter [MAJOR]: for the newest PostgreSQL that is installed, or for the one named; root's part.
install_promoter() {
  build_promoter
  local major=${1:-$(newest_major)}
  [ -d "dist/promoter/$major" ] || fail "there is no PostgreSQL $major with server headers here"
  install_module "$major" ""
  say "installed: now add pg_promoter to shared_preload_libraries (docs/promoter.md)"
}

newest_major() {
  local config
  for config in $(server_configs); do
    major_of "$config"
  done | sort -n | tail -1
}

# A PostgreSQL in a directory of its own, which finds its files relative to its programs: the installed one by symbolic links, and beside it what
# our package contains. Prints where its programs are.
lay_out_server_with_promoter() {
  local place=$1 major installed part
  major=$(newest_major)
  mkdir -p "$place/usr/lib/postgresql/$major/lib" "$place/usr/share/postgresql/$major"
  # The programs are copied: they look for the rest where they really lie.
  cp -r "/usr/lib/postgresql/$major/bin" "$place/usr/lib/postgresql/$major/"
  for part in "lib/postgresql/$major/lib" "share/postgresql/$major"; do
    for installed in "/usr/$part"/*; do
      case $(basename "$installed") in
        extension) cp -rs "$installed" "$place/usr/$part/" ;;
        pg_promoter.so) ;;
        *) ln -s "$installed" "$place/usr/$part/" ;;
      esac
    done
  done
  rm -f "$place/usr/share/postgresql/$major/extension"/pg_promoter*
  install_module "$major" "$place"
  chmod -R a+rX "$place"
  echo "$place/usr/lib/postgresql/$major/bin"
}
