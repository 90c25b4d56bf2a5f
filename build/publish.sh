# The executables: each one file, self-contained, in dist/.
# shellcheck shell=bash

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# A build leaves no process behind that would hold on to the caller's output.
export MSBUILDDISABLENODEREUSE=1

executable=$root/dist/pg_autoctl

publish() { publish_project src/Cli pg_autoctl; }

# publish_project FOLDER NAME: makes dist/NAME.
publish_project() {
  local folder=$1 name=$2 staging=$root/$1/obj/publish
  say "building dist/$name"
  rm -rf "$staging"
  dotnet publish "$folder/$name.csproj" --configuration Release --runtime "$(runtime_identifier)" \
    --output "$staging" --nologo --verbosity quiet
  # Moved, not copied: one that is running goes on with the file that it has.
  mkdir -p dist
  mv -f "$staging/$name" "dist/$name"
}

runtime_identifier() {
  case $(uname -m) in
    x86_64) echo linux-x64 ;;
    aarch64) echo linux-arm64 ;;
    *) fail "no build for the processor $(uname -m) yet" ;;
  esac
}

product_version() { sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props; }

check_format() {
  case ${1:-check} in
    # Only what is white: to the rules of style and the analyzers, every build holds the code.
    check) dotnet format whitespace PgAutoFailover.slnx --verify-no-changes ;;
    fix) dotnet format PgAutoFailover.slnx ;;
    *) fail "format knows \"check\" and \"fix\", not \"$1\"" ;;
  esac
}

clean() {
  rm -rf dist TestResults
  find src tests bench -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
}
