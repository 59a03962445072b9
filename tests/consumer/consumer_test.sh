#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs into an empty prefix and builds a program of somebody else's against it, by pkg-config and by CMake.
# usage: consumer_test.sh BUILD_FOLDER
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset GBRS_MODELS GBRS_BACKEND  # the installed ones have to be found
export HOME="$work" XDG_DATA_HOME="$work"
count=0
failed=0

report() {  # STATUS NAME LOG
  count=$((count + 1))
  if [ "$1" = 0 ]; then
    echo "ok $count - $2"
  else
    failed=1
    echo "not ok $count - $2"
    sed 's/^/# /' "$3"
  fi
}

runs() {  # PROGRAM: prints what it should, alone with the library path of the prefix
  LD_LIBRARY_PATH="$work/usr/local/lib" "$1" >"$work/out" 2>&1 &&
    awk '{ exit !($3 > 0.8 * $5 && $3 < 1.2 * $5) }' "$work/out"
}

DESTDIR="$work" meson install -C "$build" --no-rebuild --quiet >"$work/log" 2>&1
report $? 'it installs into an empty folder' "$work/log"
prefix=$(find "$work" -name gbrs.pc -exec dirname {} \; | sed 's|/lib/pkgconfig$||')
[ "$prefix" = "$work/usr/local" ] || { mkdir -p "$work/usr" && ln -s "$prefix" "$work/usr/local"; }

export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
# shellcheck disable=SC2046  # flags are words
c++ -std=c++23 "$here/consumer.cpp" -o "$work/by_pkgconfig" \
  $(pkg-config --define-prefix --cflags --libs gbrs) >"$work/log" 2>&1
report $? 'it builds by pkg-config' "$work/log"
runs "$work/by_pkgconfig"
report $? 'it selects the disc' "$work/out"

{ cmake -G Ninja -S "$here" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_STANDARD=23 &&
  cmake --build "$work/cmake"; } >"$work/log" 2>&1
report $? 'it builds by CMake' "$work/log"
runs "$work/cmake/consumer"
report $? 'it selects the disc as well' "$work/out"

ldd "$work/by_pkgconfig" >"$work/log" && ! grep -q torch "$work/log"
report $? 'a program that links with the library is not linked with libtorch' "$work/log"
echo "1..$count"
exit $failed
