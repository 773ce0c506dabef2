#!/usr/bin/env bash
# Installs what the tests need if it is missing, then builds and runs every test.
# The last line is "N passed, N failed"; a skipped test, a project that ran none and a failed step each count as failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export MSBUILDDISABLENODEREUSE=1    # leave no build server behind
readonly project_deadline=15m       # one test project, all of its tests
readonly test_deadline=5m           # one test: a hang must name its test

passed=0
failed=0
results=$(mktemp -d)

finish() {
    local status=$?
    rm -rf "$results"
    if ((status != 0 && failed == 0)); then failed=1; fi
    echo "$passed passed, $failed failed"
    ((failed == 0)) || exit 1
}
trap finish EXIT

say() { printf '\n== %s\n' "$*"; }

as_root() {
    if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# Debian packages of the programs that the tests start. None of them must become a service of this machine.
install_programs() {
    local packages=() program
    { command -v prometheus && command -v promtool; } >/dev/null || packages+=(prometheus)
    command -v node >/dev/null || packages+=(nodejs)
    command -v npm >/dev/null || packages+=(npm)
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || packages+=(postgresql)
    command -v mkfs.ext4 >/dev/null || packages+=(e2fsprogs)
    for program in unshare mount findmnt prlimit setpriv; do
        command -v "$program" >/dev/null || { packages+=(util-linux mount); break; }
    done
    ((${#packages[@]} > 0)) || return 0

    say "installing ${packages[*]}"
    command -v apt-get >/dev/null || { echo "apt-get not found: install ${packages[*]} by hand, then run this again" >&2; return 1; }
    local policy=/usr/sbin/policy-rc.d made_policy=
    if [[ ! -e $policy ]]; then
        made_policy=yes
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod +x "$policy"
    fi
    local status=0
    as_root apt-get -qq -o DPkg::Lock::Timeout=120 update \
        && as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "${packages[@]}" \
        || status=$?
    [[ -z $made_policy ]] || as_root rm -f "$policy"
    if [[ -d /run/systemd/system && " ${packages[*]} " == *" prometheus "* ]]; then
        as_root systemctl disable --quiet prometheus prometheus-node-exporter 2>/dev/null || true
    fi
    if [[ -d /run/systemd/system && " ${packages[*]} " == *" postgresql "* ]]; then
        as_root systemctl disable --quiet postgresql 2>/dev/null || true
    fi
    return "$status"
}

install_node_packages() {
    local folder
    for folder in tests/owners/node tests/clickhouse-local; do
        if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed-lock.json"; then
            say "installing the npm packages of $folder"
            (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
            cp "$folder/package-lock.json" "$folder/node_modules/.installed-lock.json"
        fi
    done
}

# The sum of an attribute of the result file's Counters element.
counter() {
    sed -n "s/.*<Counters [^>]*\b$1=\"\([0-9]*\)\".*/\1/p" "$2" | head -n 1
}

run_tests() {
    local project=$1 name file status=0 total=0 good=0
    name=$(basename "$project" .csproj)
    file=$results/$name.trx
    say "$name"
    timeout --kill-after=30s "$project_deadline" dotnet test "$project" --no-build --results-directory "$results" --logger "trx;LogFileName=$name.trx" \
        --logger "console;verbosity=minimal" --blame-hang-timeout "$test_deadline" --blame-hang-dump-type none </dev/null || status=$?
    if [[ -f $file ]]; then
        total=$(counter total "$file")
        good=$(counter passed "$file")
    fi
    total=${total:-0} good=${good:-0}
    passed=$((passed + good))
    failed=$((failed + total - good))
    if ((total == 0)); then
        echo "$name: no test ran (exit code $status)"
        failed=$((failed + 1))
    elif ((status != 0 && total == good)); then
        echo "$name: the test run broke off (exit code $status)"
        failed=$((failed + 1))
    fi
}

install_programs
install_node_packages

say "restore"
dotnet restore --locked-mode
say "build"
dotnet build --no-restore -warnaserror
say "format"
dotnet format --verify-no-changes --no-restore || { echo "run 'dotnet format' and commit what it changes"; failed=$((failed + 1)); }

# Projects without <IsTestProject>false</IsTestProject>, one after the other: many of the tests measure time, and CI has two cores.
while IFS= read -r project; do
    run_tests "$project"
done < <(grep -L '<IsTestProject>false' tests/*/*.csproj)
