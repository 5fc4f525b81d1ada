#!/usr/bin/env bash
# Fuzzes every target, one after another: run.sh [SECONDS for each] [TARGETS...]; 30 seconds and all targets unless said.
# Says what was tried and covered, and leaves with 1 where anything was found; the input then lies in fuzz/artifacts/TARGET.
# Where there is no nightly toolchain or no cargo-fuzz, says so and leaves with 0. FUZZ_MODE=build only builds.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-30}
[ $# -gt 0 ] && shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(times clean query http readers csv artefacts stores)

skip() { printf 'fuzzing is left out: %s\n' "$*"; exit 0; }
command -v cargo >/dev/null || skip "there is no cargo"
if ! cargo +nightly --version >/dev/null 2>&1; then
    rustup toolchain install nightly --profile minimal >/dev/null 2>&1 || skip "the nightly toolchain is not here and cannot be installed"
fi
if ! cargo fuzz --version >/dev/null 2>&1; then
    cargo install cargo-fuzz --locked >/dev/null 2>&1 || skip "cargo-fuzz is not here and cannot be installed"
fi

# Nothing of the program is unsafe: what the address sanitizer would see is in C alone, and costs half of the tries.
build=(--sanitizer none --fuzz-dir .)
# FUZZ_PROFILE=dev: builds in a third of the time, and tries fewer.
[ "${FUZZ_PROFILE:-}" = dev ] && build+=(--dev)
# cargo-fuzz builds each crate on one core otherwise.
export RUSTFLAGS="-Ccodegen-units=16 ${RUSTFLAGS:-}"
cargo +nightly fuzz build "${build[@]}"
[ "${FUZZ_MODE:-}" = build ] && exit 0

# Longest inputs: what is larger is the same, only slower.
longest() {
    case $1 in
        times) echo 80 ;;
        query) echo 300 ;;
        http) echo 800 ;;
        stores) echo 400 ;;
        *) echo 4096 ;;
    esac
}

found=0
for target in "${targets[@]}"; do
    mkdir -p "corpus/$target" "artifacts/$target"
    dictionary=()
    [ -f "seeds/$target.dict" ] && dictionary=(-dict="seeds/$target.dict")
    log=$(mktemp)
    if cargo +nightly fuzz run "${build[@]}" "$target" "corpus/$target" "seeds/$target" -- \
        -max_total_time="$seconds" -max_len="$(longest "$target")" -timeout=20 -rss_limit_mb=2048 \
        -print_final_stats=1 "${dictionary[@]}" >"$log" 2>&1; then
        verdict="nothing found"
    else
        verdict="FOUND something"
        found=1
    fi
    tries=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    covered=$(grep -o "cov: [0-9]*" "$log" | tail -1 || true)
    printf '%-10s %s: %s tries, %s\n' "$target" "$verdict" "${tries:-no}" "${covered:-cov: 0}"
    [ "$verdict" = "nothing found" ] || { tail -40 "$log"; ls "artifacts/$target"; }
    rm -f "$log"
done
exit $found
