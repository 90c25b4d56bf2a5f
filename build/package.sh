# The Debian package: the executable, a systemd unit template, the documents.
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
  write_control "$tree" "$version" "$architecture"
  # The same sources make the same package, whenever and by whomever it is made.
  SOURCE_DATE_EPOCH=$(date_of_sources) dpkg-deb --root-owner-group -Zxz --build "$tree" "$package" >/dev/null
  rm -rf "$tree"
  check_package "$package"
  say "made $package"
}

lay_out() {
  local tree=$1 documents=$1/usr/share/doc/pg-autoctl
  install -D -m 755 "$executable" "$tree/usr/bin/pg_autoctl"
  install -D -m 644 'packaging/pgautofailover@.service' "$tree/usr/lib/systemd/system/pgautofailover@.service"
  install -d -m 755 "$documents"
  install -m 644 README.md "$documents/README.md"
  gzip -9n <CHANGELOG.md >"$documents/changelog.gz"
  # In Debian's format a paragraph's lines are indented, and an empty line is a dot.
  sed -e '1,2d' -e 's/^$/ ./; s/^\([^ ]\)/ \1/' LICENSE >"$tree/license"
  sed -e "/@license@/{r $tree/license
    d}" packaging/copyright >"$documents/copyright"
  rm "$tree/license"
  # As in the repository: the pages link to each other, and README to them.
  cp -r docs "$documents/"
  chmod -R u=rwX,go=rX "$documents"
}

write_control() {
  local tree=$1 version=$2 architecture=$3 size
  size=$(du -sk "$tree" | cut -f1)
  install -d -m 755 "$tree/DEBIAN"
  sed -e "s/@version@/$version/; s/@architecture@/$architecture/; s/@size@/$size/" packaging/control >"$tree/DEBIAN/control"
  (cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
}

date_of_sources() { git log -1 --format=%ct 2>/dev/null || date -r CHANGELOG.md +%s; }

# Unpacks what was made and starts it from there: a package that cannot say its version is none.
check_package() {
  local package=$1 place path
  place=$(mktemp -d)
  dpkg-deb --extract "$package" "$place"
  for path in usr/bin/pg_autoctl usr/lib/systemd/system/pgautofailover@.service usr/share/doc/pg-autoctl/copyright; do
    [ -e "$place/$path" ] || fail "$package lacks /$path"
  done
  "$place/usr/bin/pg_autoctl" --version >/dev/null || fail "the executable in $package does not start"
  rm -rf "$place"
}
