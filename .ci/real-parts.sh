#!/bin/sh
# Installs what the tests marked "real" talk to: a keyring, a browser, an OAuth server. Only
# Debian and npm packages; Python ones (WebDAV and Mastodon servers) come with the test extra.
set -eu
missing=""
need() { # COMMAND PACKAGE
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need dbus-daemon dbus
need dbus-run-session dbus
need gnome-keyring-daemon gnome-keyring
need secret-tool libsecret-tools
need gdbus libglib2.0-bin
need chromium chromium
need node nodejs
need npm npm
if [ -n "$missing" ]; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        echo "These are missing, and their tests will be skipped:$missing" >&2
    else
        apt-get update -qq
        # shellcheck disable=SC2086 # a list of names
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
    fi
fi
if command -v npm >/dev/null 2>&1 && [ ! -d tests/e2e/oidc/node_modules/oidc-provider ]; then
    (cd tests/e2e/oidc && npm ci --silent --no-fund --no-audit)
fi
