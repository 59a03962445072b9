#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests ./dev on a toy project, as TAP: commands, exit status, paths, the count of cases, what is bound into the root.
set -uo pipefail

HERE=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
TOY="$WORK/a toy"
COUNT=0
export GBRS_INSIDE=test GBRS_CACHE=$WORK/cache GBRS_PHOTOS=$WORK
unset GBRS_ORACLE GBRS_FIXTURES GBRS_WEIGHTS GBRS_DATA

# check WHAT COMMAND…: one point, with the command's output as diagnosis when it fails
check() {
  local what=$1 output
  shift
  COUNT=$((COUNT + 1))
  if output=$("$@" 2>&1); then
    echo "ok $COUNT - $what"
  else
    echo "not ok $COUNT - $what"
    printf '%s\n' "$output" | sed 's/^/# /'
  fi
}

# says STATUS TEXT COMMAND…: succeeds when the command ends with that status and its output has a line with the text
says() {
  local status=$1 text=$2 output real=0
  shift 2
  output=$("$@" 2>&1) || real=$?
  printf 'status %s\n%s\n' "$real" "$output"
  [[ $real == "$status" && $output == *"$text"* ]]
}

last_line_is() {
  local line=$1 output
  shift
  output=$("$@" 2>&1)
  printf '%s\n' "$output"
  [[ ${output##*$'\n'} == "$line" ]]
}

# shellcheck disable=SC2016 # the programs expand what is theirs
make_toy() {
  mkdir -p "$TOY/tests" "$TOY/tools" "$TOY/data"
  cp "$HERE/../../dev" "$TOY"
  cp "$HERE/../../data/gimprc" "$TOY/data"
  cp "$HERE"/../../tools/*.bash "$TOY/tools"
  cp "$HERE/../summary.py" "$TOY/tests"
  write_program gbrs 'echo built'
  write_program plain '[ -z "${FAIL_PLAIN:-}" ] || { echo last words; exit 1; }'
  write_program left_out 'echo no such material; exit 77'
  write_program points 'echo 1..3; echo ok 1; echo ok 2 - b "#" SKIP no screen; echo ok 3'
  write_program crash '[ -n "${CRASH:-}" ] && kill -SEGV $$
    echo "<testsuites><testsuite name=\"S\"><testcase name=\"a\" classname=\"S\"/><testcase name=\"b\" classname=\"S\"/>
      </testsuite></testsuites>" >"${1#--gtest_output=xml:}"'
  cat >"$TOY/meson.build" <<'END'
project('toy', meson_version: '>=1.3')
install_data('gbrs', install_dir: 'bin', install_mode: 'rwxr-xr-x')
test('plain', find_program('./plain'), suite: ['simple', 'quick'])
test('left_out', find_program('./left_out'), suite: 'simple')
test('points', find_program('./points'), suite: 'tap', protocol: 'tap')
test('crash', find_program('./crash'), suite: 'cases', protocol: 'gtest')
END
}

write_program() {
  printf '#!/bin/sh\n%s\n' "$2" >"$TOY/$1"
  chmod +x "$TOY/$1"
}

# A root with few entries; prints bubblewrap's arguments for the words given, one a line.
arguments_for() (
  # shellcheck source=dev
  source "$HERE/../../dev"
  ROOT=$WORK/root
  ARGUMENTS=()
  expose_named "$@"
  echo "${ARGUMENTS[*]}"
)

binds() { says 0 "$1" arguments_for "${@:2}"; }

test_commands() {
  check 'help names the commands' says 0 'gimp [IMAGE' "$TOY/dev" help
  check 'no command is help' says 0 usage: "$TOY/dev"
  check 'an unknown command ends with 2' says 2 "unknown command 'frobnicate'" "$TOY/dev" frobnicate
  check 'run without a command ends with 2' says 2 'name a command' "$TOY/dev" run
  check 'build takes no arguments' says 2 'no arguments' "$TOY/dev" build everything
  check 'only two sanitizers are known' says 2 'takes thread or address' "$TOY/dev" test --sanitize memory
  check 'gimp needs a screen' says 1 'no screen' env -u DISPLAY -u WAYLAND_DISPLAY "$TOY/dev" gimp
  check 'a folder that is not there is named' says 2 'GBRS_ORACLE=nowhere: no such folder' env GBRS_ORACLE=nowhere "$TOY/dev" test
}

# shellcheck disable=SC2016
test_running() {
  check 'build from another folder' "$TOY/dev" build
  check 'run finds the built program first' says 0 built "$TOY/dev" run gbrs
  check 'run keeps the working folder' says 0 "$WORK" "$TOY/dev" run pwd
  check 'run passes the exit status on' says 7 '' "$TOY/dev" run sh -c 'exit 7'
  check 'run keeps words together' says 0 '<a b><>' "$TOY/dev" run printf '<%s>' 'a b' ''
  check 'run of an unknown program ends with 127' says 127 'no command no-such' "$TOY/dev" run no-such
  check 'GIMP gets the profile' says 0 "$TOY/build/profile" "$TOY/dev" run sh -c 'echo $GIMP3_DIRECTORY'
  check 'the profile keeps dialogs away' grep -q 'show-welcome-dialog no' "$TOY/build/profile/gimprc"
  write_program gbrs 'echo changed'
  check 'run builds what changed' says 0 changed "$TOY/dev" run gbrs
}

# Each run takes a second or two, so one run answers several questions.
test_counting() {
  local good=$WORK/good.txt bad=$WORK/bad.txt
  "$TOY/dev" test >"$good" 2>&1
  check 'a good run ends with 0' says 0 '' [ $? = 0 ]
  check 'cases are counted' last_line_is '5 passed, 0 failed, 2 skipped' cat "$good"
  check 'a skipped point gives its reason' says 0 'SKIPPED: toy:tap / points: 2 - b: no screen' cat "$good"
  check 'a skipped program gives its reason' says 0 'SKIPPED: toy:simple / left_out: no such material' cat "$good"
  CRASH=1 FAIL_PLAIN=1 "$TOY/dev" test quick crash >"$bad" 2>&1
  check 'a failing run does not end with 0' says 0 '' [ $? != 0 ]
  check 'a failure is named' says 0 'FAILED: toy:simple+quick / plain' cat "$bad"
  check 'so is a crash' says 0 'FAILED: toy:cases / crash' cat "$bad"
  check 'the end of what it said is shown' says 0 'last words' cat "$bad"
  check 'a crash counts once, with results of an earlier run about' last_line_is '0 passed, 2 failed, 0 skipped' cat "$bad"
  check 'when nothing ran, that is a failure' says 1 'no test ran' "$TOY/dev" test left_out
  check 'a count belongs to a test that takes one' says 2 'plain takes no count' "$TOY/dev" test plain 5
  check 'an unknown name lists the known ones' says 2 'known: cases, crash, left_out' "$TOY/dev" test nothing
}

test_root() {
  mkdir -p "$WORK"/root/usr/share/doc "$WORK/root/var/lib"
  ln -s share "$WORK/root/usr/link"
  check 'a folder of the machine needs no care' says 0 '' [ -z "$(arguments_for "$HERE" /tmp/x)" ]
  check 'what the root has itself is the root'\''s' says 0 '' [ -z "$(arguments_for /usr/share)" ]
  check 'a folder in /usr is bound beside the root'\''s' binds "--tmpfs /usr --symlink share /usr/link --ro-bind \
$WORK/root/usr/share /usr/share --bind /usr/bin /usr/bin" /usr/bin
  check 'so is the folder of a file to be made, in an option too' binds '--bind /usr/bin /usr/bin' --output=/usr/bin/new
}

make_toy
cd "$WORK" || exit 1
test_commands
test_running
test_counting
test_root
echo "1..$COUNT"
