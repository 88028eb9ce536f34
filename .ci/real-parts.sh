#!/bin/sh
# Installs what the tests marked "real" talk to: a keyring, a browser, an X display, OAuth and
# storage servers. Only system packages and npm packages; Python ones come with the test extra.
set -eu
names="dbus dbus-x11 gnome-keyring libsecret-tools chromium xvfb openbox xdotool xdg-utils \
imagemagick at-spi2-core python3-pyatspi fonts-noto-cjk"
missing=""
for name in $names; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q "install ok installed" ||
        missing="$missing $name"
done
if [ -n "$missing" ]; then
    if [ "$(id -u)" != 0 ]; then
        echo "These are missing and their tests will be skipped:$missing" >&2
    else
        apt-get update -qq
        # shellcheck disable=SC2086 # a list of names
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
    fi
fi
if [ -d tests/e2e/oidc ] && command -v npm >/dev/null 2>&1; then
    (cd tests/e2e/oidc && [ -d node_modules/oidc-provider ] || npm install --silent --no-fund --no-audit)
fi
