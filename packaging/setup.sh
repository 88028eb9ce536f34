#!/bin/sh
# Makes the virtual environment and looks for the system libraries that Qt needs.
# usage: packaging/setup.sh VENV_FOLDER [EXTRA]     EXTRA is `test` for what the tests need
set -eu
venv=${1:-.venv}
extra=${2:-}
# Library and Debian package: packages get other names now and then, libraries do not.
qt_libraries="libEGL.so.1=libegl1 libGL.so.1=libgl1 libxkbcommon.so.0=libxkbcommon0 \
libdbus-1.so.3=libdbus-1-3 libfontconfig.so.1=libfontconfig1 libglib-2.0.so.0=libglib2.0-0 \
libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4 \
libxcb-keysyms.so.1=libxcb-keysyms1 libxcb-shape.so.0=libxcb-shape0 \
libxcb-xkb.so.1=libxcb-xkb1 libxkbcommon-x11.so.0=libxkbcommon-x11-0 \
libxcb-render-util.so.0=libxcb-render-util0 libxcb-image.so.0=libxcb-image0"

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
        echo "Some system packages are missing, so the window may not open. Type this once:" >&2
        echo "    sudo apt-get install -y $1" >&2
    fi
}

missing=""
if command -v apt-get >/dev/null 2>&1; then
    there=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
    for pair in $qt_libraries; do
        case $there in
        *"${pair%=*} "*) ;;
        *) missing="$missing ${pair#*=}" ;;
        esac
    done
    if [ ! -d /usr/share/fonts/truetype ]; then
        missing="$missing fonts-dejavu-core"
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        missing="$missing python3-venv"
    fi
fi
if [ -n "$missing" ]; then
    install_debian "${missing# }"
fi

if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    "$python" -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable ".${extra:+[$extra]}"
