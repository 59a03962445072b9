# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# `./dev test`; sourced by ./dev.

# Sets NAMES, what to run, SANITIZER, and the variables of the tests that take a COUNT.
read_test_arguments() {
  NAMES=()
  SANITIZER=
  while [[ $# != 0 ]]; do
    if [[ $1 == --sanitize ]]; then
      [[ ${2:-} == thread || ${2:-} == address ]] || die 'test: --sanitize takes thread or address' 2
      SANITIZER=$2
      shift 2
      continue
    fi
    NAMES+=("$1")
    if [[ ${2:-} =~ ^[1-9][0-9]*$ ]]; then
      case $1 in
        histories) export GBRS_HISTORIES=$2 ;;
        kill | kill-procedure | kill-window) export GBRS_KILLS=$2 ;;
        large) export GBRS_LARGE_CLICKS=$2 ;;
        *) die "test: $1 takes no count" 2 ;;
      esac
      shift
    fi
    shift
  done
}

run_tests() {
  local names status=0
  if [[ -n $SANITIZER ]]; then build_with_sanitizer; else build; fi
  mapfile -t names < <(test_names "${NAMES[@]}")
  wait $! || exit 2
  use_build
  provide_photos || say 'going on without photographs: the tests that need them are skipped'
  rm -f "$BUILD"/*.xml "$BUILD"/meson-logs/testlog.*      # results of an earlier run
  export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
  meson test -C "$BUILD" --no-rebuild --num-processes "$(jobs_for_memory)" --timeout-multiplier "$TIME_FACTOR" \
    "${names[@]}" || status=$?
  python3 "$SOURCE/tests/summary.py" "$BUILD/meson-logs" || status=$?
  return "$status"
}

# From here on BUILD is a folder of its own, with the engine and its tests; GIMP itself is not instrumented.
build_with_sanitizer() {
  BUILD=$SOURCE/build-$SANITIZER
  BUILD_OPTIONS=(--buildtype=plain -Doptimization=1 -Dcpp_args=-g1 "-Db_sanitize=$SANITIZER"
    -Dplugin=disabled -Dcli=disabled)
  TIME_FACTOR=10
  [[ ${#NAMES[@]} != 0 ]] || NAMES=(unit session)
  # each takes ten times as long
  export GBRS_HISTORIES=${GBRS_HISTORIES:-400} RC_PARAMS=${RC_PARAMS:-max_success=20}
  # OpenCV, oneTBB and libtorch are not instrumented: what orders the memory that their threads hand each other is not
  # seen, and what they do to it in malloc, free and memcpy would be taken for races
  export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:ignore_noninstrumented_modules=1
  export ASAN_OPTIONS=halt_on_error=1:abort_on_error=1:detect_stack_use_after_return=1
  build
}

# The tests that NAME… stand for, each a suite or a test; nothing stands for all.
test_names() {
  [[ $# == 0 ]] || meson introspect --tests "$BUILD" | python3 "$SOURCE/tests/summary.py" --select "$@"
}

# Folders named relative to where the user is; the tests run elsewhere.
settle_folders() {
  local name
  for name in GBRS_ORACLE GBRS_FIXTURES GBRS_WEIGHTS GBRS_DATA GBRS_EVAL_DATA GBRS_PHOTOS; do
    [[ -n ${!name:-} ]] || continue
    [[ -d ${!name} ]] || die "$name=${!name}: no such folder" 2
    export "$name=$(realpath -- "${!name}")"
  done
}
