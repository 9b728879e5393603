# shellcheck shell=bash
# What a fresh Debian or Ubuntu needs before this repository can be built. To be sourced by a bash script:
#
#   source "$(dirname "${BASH_SOURCE[0]}")/lib/setup.sh"
#   ensure_jdk            # exports JAVA_HOME, a JDK 17 or newer
#   ensure_maven          # a Maven 3.6.3 or newer is on the PATH
#   build_distribution    # builds without tests; prints nothing when all is well; sets TAILRACE_HOME
#   "$TAILRACE_HOME/bin/tailrace" version
#
# A part that is missing is installed by apt when we are root; else the one line to run is printed and the script ends
# with 1. Messages go to stderr. Sets REPOSITORY, the root of the checkout.

REPOSITORY=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
TAILRACE_HOME=$REPOSITORY/agent/target/tailrace

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# The major version of the JDK in a directory; fails when there is no compiler in it.
jdk_major() {
  [[ -x $1/bin/javac ]] || return 1
  local version
  version=$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  [[ -n $version ]] && printf '%s\n' "$version"
}

# Prints the home of a JDK 17 or newer: JAVA_HOME, else the javac on the PATH, else one below /usr/lib/jvm.
find_jdk() {
  local candidate major on_path
  on_path=$(command -v javac || true)
  [[ -z $on_path ]] || on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/*; do
    [[ -n $candidate ]] || continue
    major=$(jdk_major "$candidate") || continue
    if ((major >= 17)); then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  return 1
}

# apt_install WHAT PACKAGE...: installs the packages, or says how.
apt_install() {
  local what=$1
  shift
  command -v apt-get >/dev/null || die "$what is missing, and this is no Debian or Ubuntu. Install it and try again."
  if ((EUID != 0)); then
    # One line for all that is missing.
    if [[ $* != maven ]] && ! command -v mvn >/dev/null; then set -- "$@" maven; fi
    die "$what is missing. Run:  sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
  fi
  say "$what is missing: installing $* ..."
  local log
  log=$(mktemp)
  if ! { DEBIAN_FRONTEND=noninteractive apt-get -qq update &&
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "apt-get could not install $*."
  fi
  rm -f "$log"
}

# The first of the JDK packages that this release of the distribution has.
jdk_package() {
  local package
  for package in openjdk-17-jdk-headless openjdk-21-jdk-headless openjdk-25-jdk-headless; do
    if apt-cache show "$package" >/dev/null 2>&1; then
      printf '%s\n' "$package"
      return 0
    fi
  done
  # No package lists yet. Debian 13 and later have no Java 17.
  case $(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release 2>/dev/null) in
    trixie | forky | sid) printf '%s\n' openjdk-21-jdk-headless ;;
    *) printf '%s\n' openjdk-17-jdk-headless ;;
  esac
}

ensure_jdk() {
  local found
  if ! found=$(find_jdk); then
    # Without package lists nothing can be chosen: fetch them first.
    if ((EUID == 0)) && command -v apt-get >/dev/null; then apt-get -qq update >&2 || true; fi
    apt_install "A JDK (17 or newer)" "$(jdk_package)"
    found=$(find_jdk) || die "apt-get installed a JDK, but no javac 17 or newer is found; set JAVA_HOME."
  fi
  export JAVA_HOME=$found
}

maven_version() {
  mvn --version 2>/dev/null | sed 's/\x1b\[[0-9;]*m//g' | sed -n 's/^Apache Maven \([0-9.]*\).*/\1/p'
}

ensure_maven() {
  command -v mvn >/dev/null || apt_install "Maven" maven
  local version
  version=$(maven_version) || true
  [[ -n $version ]] || die "mvn does not start; run: mvn --version"
  [[ $(printf '%s\n' 3.6.3 "$version" | sort -V | head -n 1) == 3.6.3 ]] ||
    die "Maven $version is too old: 3.6.3 or newer is needed."
}

# house_maven ARGUMENT...: Maven on this checkout, from any directory.
house_maven() {
  mvn --batch-mode --no-transfer-progress -f "$REPOSITORY/pom.xml" "$@"
}

build_distribution() {
  say "Building the distribution (the first time Maven fetches about 150 MB of libraries) ..."
  house_maven -q -DskipTests -pl agent -am package >&2 || die "The build failed; see above."
  [[ -x $TAILRACE_HOME/bin/tailrace ]] || die "The build left no $TAILRACE_HOME/bin/tailrace."
}
