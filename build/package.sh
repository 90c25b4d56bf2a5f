# The Debian packages: pg-autoctl with the executable, a systemd unit template and the documents; and the promoter, one for each PostgreSQL.
# shellcheck shell=bash

make_package() {
  publish
  local tree architecture version package
  tree=$(mktemp -d)
  architecture=$(dpkg --print-architecture)
  version=$(product_version)
  package=dist/pg-autoctl_${version}_$architecture.deb

  say "making $package"
  chmod 755 "$tree"
  lay_out "$tree"
  write_control "$tree" packaging/control "$version" "$architecture"
  wrap_up "$tree" "$package"
  check_package "$package"
  say "made $package"
}

# The same sources make the same package, whenever and by whomever it is made.
wrap_up() {
  SOURCE_DATE_EPOCH=$(date_of_sources) dpkg-deb --root-owner-group -Zxz --build "$1" "$2" >/dev/null
  rm -rf "$1"
}

make_promoter_packages() {
  build_promoter
  local config
  for config in $(server_configs); do
    make_promoter_package "$(major_of "$config")"
  done
}

make_promoter_package() {
  local major=$1 tree architecture version package
  tree=$(mktemp -d)
  architecture=$(dpkg --print-architecture)
  version=$(product_version)
  package=dist/postgresql-$major-pg-promoter_${version}_$architecture.deb

  say "making $package"
  chmod 755 "$tree"
  install_module "$major" "$tree"
  strip --strip-unneeded "$tree/usr/lib/postgresql/$major/lib/pg_promoter.so"
  lay_out_licence "$tree" "$tree/usr/share/doc/postgresql-$major-pg-promoter" "postgresql-$major-pg-promoter" "usr/lib/postgresql/$major/bin/pg_promoter"
  install -m 644 docs/promoter.md "$tree/usr/share/doc/postgresql-$major-pg-promoter/promoter.md"
  write_control "$tree" packaging/control.promoter "$version" "$architecture" "$major"
  wrap_up "$tree" "$package"
  check_promoter_package "$package" "$major"
  say "made $package"
}

lay_out() {
  local tree=$1 documents=$1/usr/share/doc/pg-autoctl
  install -D -m 755 "$executable" "$tree/usr/bin/pg_autoctl"
  install -D -m 644 'packaging/pgautofailover@.service' "$tree/usr/lib/systemd/system/pgautofailover@.service"
  install -D -m 644 packaging/tmpfiles.conf "$tree/usr/lib/tmpfiles.d/pg-autoctl.conf"
  lay_out_scripts "$tree"
  lay_out_manual "$tree"
  lay_out_completion "$tree"
  lay_out_licence "$tree" "$documents" pg-autoctl usr/bin/pg_autoctl
  install -m 644 README.md "$documents/README.md"
  # As in the repository: the pages link to each other, and README to them.
  cp -r docs "$documents/"
  rm -r "$documents/docs/man"
  chmod -R u=rwX,go=rX "$documents"
}

# What dpkg runs.
lay_out_scripts() {
  local script
  for script in postinst prerm postrm; do
    install -D -m 755 "packaging/$script" "$1/DEBIAN/$script"
  done
}

lay_out_manual() {
  local page
  install -d -m 755 "$1/usr/share/man/man1" "$1/usr/share/man/man5"
  for page in docs/man/*.[15]; do
    gzip -9n <"$page" >"$1/usr/share/man/man${page##*.}/${page##*/}.gz"
  done
}

lay_out_completion() {
  install -d -m 755 "$1/usr/share/bash-completion/completions" "$1/usr/share/zsh/vendor-completions"
  "$executable" completion bash >"$1/usr/share/bash-completion/completions/pg_autoctl"
  "$executable" completion zsh >"$1/usr/share/zsh/vendor-completions/_pg_autoctl"
}

lay_out_licence() {
  local tree=$1 documents=$2 package=$3 program=$4
  install -d -m 755 "$documents"
  install -m 644 CHANGELOG.md "$documents/CHANGELOG.md"
  debian_changelog "$package" | gzip -9n >"$documents/changelog.gz"
  # In Debian's format a paragraph's lines are indented, and an empty line is a dot.
  sed -e '1,2d' -e 's/^$/ ./; s/^\([^ ]\)/ \1/' LICENSE >"$tree/license"
  sed -e "/@license@/{r $tree/license
    d}" -e "s:@program@:$program:" packaging/copyright >"$documents/copyright"
  rm "$tree/license"
}

# Debian's tools read a changelog of their own format: it leads to ours.
debian_changelog() {
  printf '%s (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md beside this file.\n\n -- %s  %s\n' "$1" "$(product_version)" \
    "$(sed -n 's/^Maintainer: //p' packaging/control)" "$(LC_ALL=C date -uR -d "@$(date_of_sources)")"
}

write_control() {
  local tree=$1 template=$2 version=$3 architecture=$4 major=${5:-} size
  size=$(du -sk "$tree" | cut -f1)
  install -d -m 755 "$tree/DEBIAN"
  sed -e "s/@version@/$version/; s/@architecture@/$architecture/; s/@size@/$size/; s/@major@/$major/g" "$template" >"$tree/DEBIAN/control"
  (cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
}

date_of_sources() { git log -1 --format=%ct 2>/dev/null || date -r CHANGELOG.md +%s; }

# Unpacks what was made and starts it from there: a package that cannot say its version is none.
check_package() {
  local package=$1 place path
  place=$(mktemp -d)
  dpkg-deb --extract "$package" "$place"
  for path in usr/bin/pg_autoctl usr/lib/systemd/system/pgautofailover@.service usr/lib/tmpfiles.d/pg-autoctl.conf \
    usr/share/doc/pg-autoctl/copyright \
    usr/share/man/man1/pg_autoctl.1.gz usr/share/man/man5/pg_autoctl.cfg.5.gz \
    usr/share/bash-completion/completions/pg_autoctl usr/share/zsh/vendor-completions/_pg_autoctl; do
    [ -e "$place/$path" ] || fail "$package lacks /$path"
  done
  "$place/usr/bin/pg_autoctl" --version >/dev/null || fail "the executable in $package does not start"
  rm -rf "$place"
}

check_promoter_package() {
  local package=$1 major=$2 place path
  place=$(mktemp -d)
  dpkg-deb --extract "$package" "$place"
  for path in "lib/postgresql/$major/bin/pg_promoter" "lib/postgresql/$major/lib/pg_promoter.so" \
    "share/postgresql/$major/extension/pg_promoter.control" "share/postgresql/$major/extension/pg_promoter--1.0.sql"; do
    [ -e "$place/usr/$path" ] || fail "$package lacks /usr/$path"
  done
  "$place/usr/lib/postgresql/$major/bin/pg_promoter" --version >/dev/null || fail "the program in $package does not start"
  rm -rf "$place"
}
