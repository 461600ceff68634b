#!/usr/bin/env bash
# Makes .venv with everything the program and its tests need. Run again, it does only what is missing.
# Missing Debian packages are installed when root; otherwise the exact command is printed.
set -euo pipefail
cd "$(dirname "$0")/.."

# What a virtual environment needs, what Qt loads without a display, and what it loads with one; and the server that
# central's tests start for themselves.
needed=(python3-venv libgl1 libegl1 libxkbcommon0 libglib2.0-0 libfreetype6 libfontconfig1 libdbus-1-3 postgresql)
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  needed+=(libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0)
fi

missing_packages() {
  command -v dpkg-query >/dev/null || return 0
  local package status
  for package in "${needed[@]}"; do
    # On newer releases some of these are named …t64. Asked for a name it does not know, dpkg-query fails: only its words count.
    status=$(dpkg-query -W -f '${db:Status-Status} ' "$package" "${package}t64" 2>/dev/null || true)
    if [[ " $status" != *" installed "* ]]; then
      # Another Python than Debian's brings its own venv module.
      if [ "$package" = python3-venv ] && python3 -c 'import ensurepip' 2>/dev/null; then continue; fi
      echo "$package"
    fi
  done
}

mapfile -t missing < <(missing_packages)
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" = 0 ]; then
    echo "Installing Debian packages: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends -qq "${missing[@]}" >/dev/null
  else
    echo "Some Debian packages are missing. Install them, then run make again:" >&2
    echo "  sudo apt-get install --yes ${missing[*]}" >&2
    exit 1
  fi
fi

if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "Python 3.11 or newer is needed; this is $(python3 --version)." >&2
  exit 1
fi
[ -x .venv/bin/pip ] || python3 -m venv .venv
unset PYTHONDONTWRITEBYTECODE
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
