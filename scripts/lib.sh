# SPDX-License-Identifier: Apache-2.0
# Functions that the scripts share. Source it; `top` is the checkout.
# shellcheck shell=bash
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PATH=$PATH:/usr/sbin:/sbin # where modprobe, depmod and runc are; an unprivileged user's PATH may lack them

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# missing_packages PACKAGE...: prints those that are not installed.
missing_packages() {
  local package
  for package in "$@"; do
    # shellcheck disable=SC2016 # ${Status} is for dpkg-query
    case "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" in
      *' installed') ;;
      *) printf '%s\n' "$package" ;;
    esac
  done
}

host_apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

# install_packages PACKAGE...: installs what is missing; touches nothing and is silent if nothing is.
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "installing: ${missing[*]}" >&2
  host_apt_get update >/dev/null
  host_apt_get install --no-install-recommends "${missing[@]}" >/dev/null
}

# Prints the URI of the Debian archive that this host is configured to use, or that python-apt knows.
debian_mirror() {
  if [ -n "${DEBIAN_MIRROR:-}" ]; then
    echo "$DEBIAN_MIRROR"
    return
  fi
  local uri
  uri=$(host_debian_uri)
  # shellcheck source=/dev/null
  if [ -z "$uri" ] && [ "$(. /etc/os-release && echo "$ID")" = debian ]; then
    host_apt_get update >/dev/null # without package lists apt does not know the origin of its sources
    uri=$(host_debian_uri)
  fi
  if [ -z "$uri" ]; then
    install_packages python-apt-common
    uri=$(sed -n 's/^BaseURI: *//p' /usr/share/python-apt/templates/Debian.info | sed -n 1p)
  fi
  [ -n "$uri" ] || { echo "no Debian archive found: set DEBIAN_MIRROR" >&2 && return 1; }
  echo "$uri"
}

host_debian_uri() {
  # shellcheck disable=SC2016 # $(REPO_URI) is for apt
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | sed -n 1p
}

# Prints the codename under which this host's distribution is in its archive: sid's os-release has that of the release which sid becomes.
host_codename() {
  local codename codenames
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  # shellcheck disable=SC2016 # $(CODENAME) is for apt
  codenames=$(apt-get indextargets --format '$(CODENAME)' 'Created-By: Packages')
  if ! grep -qx "$codename" <<<"$codenames" && grep -qx sid <<<"$codenames"; then codename=sid; fi
  echo "$codename"
}

# private_apt TYPE SUITE [ARCHITECTURE]: fetches the index (TYPE deb or deb-src) of one Debian suite into a place of its own, verified by
# Debian's archive keys, and puts the options with which apt uses it into the array `apt_options`. The host's own apt
# configuration and state stay as they are. ARCHITECTURE is the host's if it is not given.
private_apt() {
  local type=$1 suite=$2 architecture=${3:-} mirror
  local dir=$top/build/apt/$suite-$type${architecture:+-$architecture} keys=/usr/share/keyrings/debian-archive-keyring.gpg
  install_packages debian-archive-keyring ca-certificates
  mirror=$(debian_mirror)
  mkdir -p "$dir/state/lists/partial" "$dir/cache/archives/partial"
  echo "$type [${architecture:+arch=$architecture }signed-by=$keys] $mirror $suite main" >"$dir/sources.list"
  apt_options=(
    -q -o "Dir::Etc::SourceList=$dir/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null
    -o "Dir::State=$dir/state" -o Dir::State::status=/dev/null -o "Dir::Cache=$dir/cache"
    -o APT::Sandbox::User=root -o Acquire::Languages=none ${architecture:+-o "APT::Architecture=$architecture"})
  apt-get "${apt_options[@]}" update >/dev/null
}

# Waits for its turn: two set-ups in one checkout must not write the same directories.
lock_checkout() {
  mkdir -p "$top/build"
  exec {checkout_lock}>"$top/build/.setup.lock"
  flock "$checkout_lock"
}

# Prints the exporter's path; builds it first if it is not there.
exporter_binary() {
  local binary=$top/build/release/cgroup2_exporter
  if [ ! -x "$binary" ]; then
    (cd "$top" && cmake --preset release && cmake --build --preset release --target cgroup2_exporter) >&2
  fi
  echo "$binary"
}
