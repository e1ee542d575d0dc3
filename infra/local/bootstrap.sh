#!/bin/sh
# Makes a venv and installs one locked set into it; does nothing when that is already so.
#
#   sh infra/local/bootstrap.sh run     what the local host needs (infra/local/requirements.txt)
#   sh infra/local/bootstrap.sh dev     that, and the tests and checks (requirements-dev.txt)
#   sh infra/local/bootstrap.sh checks  what checks infra/azure (infra/azure/requirements.txt), in .venv-checks:
#                                       it does not resolve together with the others
#   sh infra/local/bootstrap.sh node    Node.js (infra/local/node/requirements.txt), in .venv-node, for a machine
#                                       without it
#
# PYTHON=/path/to/python chooses the interpreter of a new venv. uv installs in half of pip's time: the one on PATH,
# else the one of .venv, where `dev` installs it first. pip does it without either, and where it has an index of its own.
# .installed-<set> in it is a copy of the lock that was installed: equal bytes, nothing to do.
set -eu

cd "$(dirname "$0")/../.."
root=$(pwd -P)
venv=.venv
case ${1:-run} in checks | node) venv=.venv-$1 ;; esac
guard=$venv/.bootstrap.lock
python=$venv/bin/python
accepts='import sys; sys.exit(not ((3, 13) <= sys.version_info < (3, 15)))'

say() { printf 'recapito: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

lock_of() {
    case $1 in
        run) echo infra/local/requirements.txt ;;
        dev) echo requirements-dev.txt ;;
        checks) echo infra/azure/requirements.txt ;;
        node) echo infra/local/node/requirements.txt ;;
        *) die "unknown set '$1': say 'run', 'dev', 'checks' or 'node'" ;;
    esac
}

installed() { cmp -s "$(lock_of "$1")" "$venv/.installed-$1"; }

# A venv holds absolute paths: one that was moved or copied here does not count.
sound() {
    "$python" -I -c "$accepts" 2>/dev/null || return 1
    [ ! -e $venv/.installing ] || return 1
    [ ! -e $venv/.made-for ] || [ "$(cat $venv/.made-for)" = "$root" ]
}

# Prints the interpreter itself, so that a pyenv shim or another venv leaves no trace in ours.
interpreter() {
    "$1" -I -c "$accepts" 2>/dev/null &&
        "$1" -I -c 'import sys; print(getattr(sys, "_base_executable", None) or sys.executable)'
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        interpreter "$PYTHON" || die "PYTHON=$PYTHON is not Python 3.13 or 3.14: point it at one, or unset it."
        return
    fi
    pyenv_root=${PYENV_ROOT:-$(pyenv root 2>/dev/null || echo "${HOME:-}/.pyenv")}
    for candidate in python3.13 "$pyenv_root"/versions/3.13*/bin/python python3.14 \
        "$pyenv_root"/versions/3.14*/bin/python python3 python; do
        interpreter "$candidate" && return
    done
    if command -v uv >/dev/null 2>&1; then
        found=$(uv python find --no-project '>=3.13,<3.15' 2>/dev/null) && interpreter "$found" && return
        say "no Python 3.13 here: asking uv to fetch one"
        uv python install --quiet 3.13 2>/dev/null &&
            interpreter "$(uv python find --no-project 3.13 2>/dev/null)" && return
    fi
    die "Python 3.13 is needed and was not found: install it (python.org, your package manager," \
        "'pyenv install 3.13' or 'uv python install 3.13'), or set PYTHON=/path/to/python3.13."
}

release() { rm -rf "$guard"; }

# One bootstrap at a time in a tree; a guard whose owner is gone is taken over.
acquire() {
    mkdir -p $venv
    waited=0
    until mkdir "$guard" 2>/dev/null; do
        owner=$(cat "$guard/pid" 2>/dev/null || echo)
        if [ $waited -gt 1 ] && ! kill -0 "${owner:-0}" 2>/dev/null; then release; continue; fi
        if [ -z "$owner" ] && [ $waited -gt 10 ]; then release; continue; fi
        [ $waited -ne 2 ] || say "waiting for another install (process $owner)"
        [ $waited -lt 900 ] || die "process $owner still holds $guard: stop it, or remove that folder."
        sleep 1
        waited=$((waited + 1))
    done
    echo $$ >"$guard/pid"
    trap release EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

# uv does not read pip's settings.
pip_has_own_index() {
    .venv/bin/python -m pip config list 2>/dev/null | grep -Eq '[.](index-url|no-index)='
}

find_uv() {
    uv=
    if command -v uv >/dev/null && uv --version >/dev/null 2>&1; then
        uv=uv
    elif .venv/bin/uv --version >/dev/null 2>&1 && ! pip_has_own_index; then
        uv=.venv/bin/uv
    fi
}

# Installs the uv that the lock pins, with its hashes, into a new venv.
add_uv() {
    awk '/^uv==/ { on = 1 } on { print } on && !/\\$/ { exit }' "$1" >$venv/.uv.txt
    with_pip $venv/.uv.txt --no-deps && find_uv
}

make_venv() {
    base=$(find_python)
    say "making $venv with $("$base" --version) ($base)"
    find $venv/ -mindepth 1 -maxdepth 1 ! -name "${guard##*/}" -exec rm -rf {} +
    find_uv
    if [ -n "$uv" ]; then
        # --allow-existing: the guard lives there
        "$uv" venv --quiet --no-config --no-project --allow-existing --python "$base" $venv
    else
        "$base" -m venv $venv || die "'$base -m venv' failed: on Debian or Ubuntu, install python3.13-venv."
    fi
    printf '%s\n' "$root" >$venv/.made-for
}

# Both compile: a first start must not, nor a machine that is told to write no byte code, every time.
with_uv() {
    UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-true} "$uv" pip install --quiet --no-config --python "$python" \
        --require-hashes --compile-bytecode --requirements "$1"
}

# -qq: errors only, for a machine's own pip settings are not news here
with_pip() {
    "$python" -m pip --version >/dev/null 2>&1 || "$python" -m ensurepip >/dev/null
    "$python" -m pip install -qq --disable-pip-version-check --no-input --require-hashes \
        --requirement "$@"
}

install() {
    lock=$(lock_of "$1")
    say "installing $(grep -c '^[A-Za-z0-9]' "$lock") locked packages from $lock"
    rm -f $venv/.installed-*
    cp "$lock" $venv/.installing
    status=0
    find_uv
    if [ "$1" = dev ] && [ -z "$uv" ] && ! pip_has_own_index; then add_uv "$lock" || uv=; fi
    if [ -n "$uv" ]; then
        with_uv $venv/.installing || { say "uv could not: trying pip"; with_pip $venv/.installing; }
    else
        with_pip $venv/.installing
    fi || status=$?
    if [ $status -ne 0 ]; then
        # refused (no network, a bad lock): the venv is as it was; killed: it is half made, and remade next time
        [ $status -gt 128 ] || rm -f $venv/.installing
        die "the install failed (see above); run it again when that is mended."
    fi
    # the dev lock holds the run lock (tests/structure/test_tooling.py keeps it so)
    [ "$1" != dev ] || cp "$(lock_of run)" $venv/.installed-run
    mv $venv/.installing "$venv/.installed-$1"
}

wanted=${1:-run}
lock_of "$wanted" >/dev/null
if sound && installed "$wanted"; then exit 0; fi

started=$(date +%s)
acquire
if ! sound; then make_venv; fi
if ! installed "$wanted"; then
    install "$wanted"
    say "ready after $(($(date +%s) - started)) s"
fi
