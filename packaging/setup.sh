#!/bin/sh
# Makes the virtual environment and looks for the system libraries that Qt needs.
# usage: packaging/setup.sh VENV_FOLDER
set -eu
venv=${1:-.venv}
qt_libraries="libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0 \
libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0 \
libxcb-render-util0 libxcb-image0 libpulse0 fonts-dejavu-core"

python=""
for candidate in python3.13 python3.12 python3.11 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Jolidrive needs Python 3.11 or newer; none was found." >&2
    exit 1
fi

install_debian() {
    if [ "$(id -u)" = 0 ]; then
        apt-get update -qq
        # shellcheck disable=SC2086 # a list of names
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $1
    else
        echo "Some system packages are missing. Type this once, then try again:" >&2
        echo "    sudo apt-get install -y $1" >&2
        return 1
    fi
}

missing=""
if command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then
    for name in $qt_libraries; do
        dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q "install ok installed" ||
            missing="$missing $name"
    done
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        missing="$missing python3-venv"
    fi
fi
if [ -n "$missing" ]; then
    install_debian "${missing# }"
fi

if [ ! -x "$venv/bin/python" ]; then
    "$python" -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable ".[test]"
