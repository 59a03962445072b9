# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# `./dev test`; sourced by ./dev.

# Sets NAMES, what to run, and the variables of the tests that take a COUNT.
read_test_arguments() {
  NAMES=()
  while [[ $# != 0 ]]; do
    NAMES+=("$1")
    if [[ ${2:-} =~ ^[1-9][0-9]*$ ]]; then
      case $1 in
        histories) export GBRS_HISTORIES=$2 ;;
        kill) export GBRS_KILLS=$2 ;;
        *) die "test: $1 takes no count" 2 ;;
      esac
      shift
    fi
    shift
  done
}

run_tests() {
  local names status=0
  build
  mapfile -t names < <(test_names "${NAMES[@]}")
  wait $! || exit 2
  use_build
  provide_photos || say 'going on without photographs: the tests that need them are skipped'
  rm -f "$BUILD"/*.xml "$BUILD"/meson-logs/testlog.*      # results of an earlier run
  export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
  meson test -C "$BUILD" --no-rebuild --num-processes "$(jobs_for_memory)" "${names[@]}" || status=$?
  python3 "$SOURCE/tests/summary.py" "$BUILD/meson-logs" || status=$?
  return "$status"
}

# The tests that NAME… stand for, each a suite or a test; nothing stands for all.
test_names() {
  [[ $# == 0 ]] || meson introspect --tests "$BUILD" | python3 "$SOURCE/tests/summary.py" --select "$@"
}

# Folders named relative to where the user is; the tests run elsewhere.
settle_folders() {
  local name
  for name in GBRS_ORACLE GBRS_FIXTURES GBRS_DATA GBRS_EVAL_DATA GBRS_PHOTOS; do
    [[ -n ${!name:-} ]] || continue
    [[ -d ${!name} ]] || die "$name=${!name}: no such folder" 2
    export "$name=$(realpath -- "${!name}")"
  done
}
