# Sourced by the other scripts: makes .venv from the lock file named in $lock, once.
# shellcheck shell=sh

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root" || exit 1

say() { printf '%s\n' "$*" >&2; }
stop() { say "$(basename "$0"): $*"; exit 1; }

find_python() {
    for name in ${PYTHON:-} python3.14 python3.13 python3.12 python3.11 python3 python; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$name"
            return
        fi
    done
    stop "Python 3.11 or newer is needed. Debian, Ubuntu: sudo apt install python3 python3-venv. macOS: brew install python. Or name one: PYTHON=/path/to/python3 scripts/$(basename "$0")"
}

make_venv() {
    python=$(find_python) || exit 1
    say "Making .venv with $("$python" --version) ..."
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        stop "this Python has no venv. Debian, Ubuntu: sudo apt install python3-venv"
    "$python" -m venv --clear .venv || stop "can't make .venv here; is the disk full or read-only?"
}

install_locked() {
    say "Installing what $lock names, each checked by its hash (once; about 140 MB) ..."
    # The lock is complete: without --no-deps, older pips look past it for a package's extras.
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
        --no-deps --requirement "$lock" ||
        stop "pip could not install $lock. Is there a network? Behind a proxy, set HTTPS_PROXY; then run this again"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
        --no-build-isolation --editable . || stop "pip could not install agentassist itself"
}

environment() {
    lock=$1
    stamp=.venv/installed-$lock
    if .venv/bin/python -c 'import agentassist' 2>/dev/null && cmp -s "$lock" "$stamp"; then
        return
    fi
    .venv/bin/python -c '' 2>/dev/null || make_venv
    install_locked
    cp "$lock" "$stamp"
}
