#!/bin/sh
# Installs stackctl for this user: downloads the archive of a release, verifies its checksum, and puts the program into
# ~/.local/bin. It needs no root.
#
#   curl --proto '=https' --tlsv1.2 -fsSL https://github.com/stackctl/stackctl/releases/latest/download/install.sh | sh
#
# Variables:
#   STACKCTL_VERSION   a version, as in 0.1.0; otherwise the newest release
#   STACKCTL_BIN       the folder of the program; otherwise ~/.local/bin
#   STACKCTL_BASE_URL  the address of the releases; otherwise https://github.com/stackctl/stackctl/releases
set -eu

fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

has() {
  command -v "$1" >/dev/null 2>&1
}

# The platform's name in the names of the archives.
find_target() {
  system=$(uname -s)
  machine=$(uname -m)
  elsewhere="build it from source: the README says how"
  case $system in
    Linux)
      if (ldd --version 2>&1 || true) | grep -qi musl; then
        fail "stackctl's program for Linux needs glibc, and this system has musl; $elsewhere"
      fi
      ;;
    Darwin)
      # A shell in Rosetta reports the wrong processor.
      if [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || true)" = 1 ]; then machine=arm64; fi
      ;;
    MINGW* | MSYS* | CYGWIN* | Windows*) fail "stackctl has no program for Windows; run this script in WSL 2" ;;
    *) fail "stackctl has no program for $system; $elsewhere" ;;
  esac
  case $system-$machine in
    Linux-x86_64 | Linux-amd64) target=x86_64-unknown-linux-gnu ;;
    Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-gnu ;;
    Darwin-arm64) target=aarch64-apple-darwin ;;
    Darwin-x86_64) target=x86_64-apple-darwin ;;
    *) fail "stackctl has no program for $system on $machine; $elsewhere" ;;
  esac
}

# Downloads an address into a file: by HTTPS, or by HTTP from this machine itself.
download() {
  case $1 in
    https://*) only='=https' ;;
    http://127.0.0.1:* | http://localhost:*) only='=http' ;;
    *) fail "$1 is not an HTTPS address" ;;
  esac
  if has curl; then
    set -- "$1" "$2" --proto "$only" --proto-redir "$only" --fail --silent --show-error --location --retry 3
    url=$1 file=$2
    shift 2
    curl "$@" --output "$file" "$url" || fail "could not download $url"
  elif has wget; then
    if [ "$only" = '=https' ]; then
      wget -q --https-only -O "$2" "$1" || fail "could not download $1"
    else
      wget -q -O "$2" "$1" || fail "could not download $1"
    fi
  else
    fail "curl or wget is needed"
  fi
}

sha256() {
  if has sha256sum; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif has shasum; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  elif has openssl; then
    openssl dgst -sha256 -r "$1" | cut -d ' ' -f 1
  else
    fail "sha256sum, shasum or openssl is needed to verify the download"
  fi
}

main() {
  has tar || fail "tar is needed"
  find_target
  releases=${STACKCTL_BASE_URL:-https://github.com/stackctl/stackctl/releases}
  if [ -n "${STACKCTL_VERSION:-}" ]; then
    from=$releases/download/v${STACKCTL_VERSION#v}
  else
    from=$releases/latest/download
  fi
  bin=${STACKCTL_BIN:-${HOME:?set HOME or STACKCTL_BIN}/.local/bin}
  archive=stackctl-$target.tar.gz

  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  download "$from/SHA256SUMS" "$folder/SHA256SUMS"
  # Two spaces, or a space and an asterisk, stand before the name.
  expected=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$archive\$/\1/p" "$folder/SHA256SUMS")
  [ "${#expected}" = 64 ] || fail "$from/SHA256SUMS does not have one checksum of $archive; nothing was installed"
  download "$from/$archive" "$folder/$archive"
  actual=$(sha256 "$folder/$archive")
  [ "$actual" = "$expected" ] ||
    fail "the checksum of $archive is $actual, and SHA256SUMS has $expected; nothing was installed"

  tar -xzf "$folder/$archive" -C "$folder" "stackctl-$target/stackctl" || fail "could not unpack $archive"
  said=$("$folder/stackctl-$target/stackctl" --version) ||
    fail "the program does not start on this system; on Linux it needs glibc 2.34 or newer"
  mkdir -p "$bin" || fail "could not create $bin"
  # A program that runs can't be overwritten, but replaced.
  cp "$folder/stackctl-$target/stackctl" "$bin/.stackctl.$$" || fail "could not write to $bin"
  mv -f "$bin/.stackctl.$$" "$bin/stackctl" || fail "could not write $bin/stackctl"

  printf 'Installed %s: %s/stackctl\n' "$said" "$bin"
  case :${PATH:-}: in
    *:"$bin":*) ;;
    *) printf 'Add the folder to your PATH: %s\n' "export PATH=\"$bin:\$PATH\"" ;;
  esac
}

# The last line, so that a script that arrives in part does nothing.
main
