# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The environment that ./dev works in; sourced by it.
#
# A system whose own packages have GIMP 3 is used as it is. Elsewhere a private Debian 13 root is made in the cache, and
# the script starts over inside it: /usr, /etc and /var are the root's there, every other folder is the machine's own
# under its own name, so a path means the same outside and inside.
LOG=$CACHE/setup.log

SUITE=trixie
RECIPE=1        # raise it when a root made before must not be taken over by changing its packages
PACKAGES=(
  g++ meson ninja-build ccache pkgconf cmake gettext locales
  libgimp-3.0-dev libtorch-dev libopenblas0-pthread libopencv-core-dev libopencv-imgproc-dev libvips-dev
  nlohmann-json3-dev libcli11-dev libssl-dev liblbfgsb-dev libgtest-dev librapidcheck-dev
  gimp gegl python3-gi python3-numpy python3-pil gir1.2-gtk-3.0 librsvg2-common
  xvfb xauth openbox xdotool imagemagick x11-utils x11-xserver-utils dbus-daemon fonts-dejavu-core adwaita-icon-theme
)
TEST_LOCALE=de_DE.UTF-8         # one with a decimal comma
ROOT_MEGABYTES=4000             # downloads and unpacked packages while the root is made

# ---- this system or the private root ----

is_root() { [[ $(id -u) == 0 ]]; }

have() { command -v "$1" >/dev/null; }

has_gimp3() { pkg-config --atleast-version=3.0 gimpui-3.0 2>/dev/null; }

# The packages of the list that this Debian-like system does not have, on one line.
missing_packages() {
  dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${PACKAGES[@]}" 2>/dev/null | sed -n 's/^installed //p' |
    grep -vxFf - <(printf '%s\n' "${PACKAGES[@]}") | paste -sd ' '
}

# The same on a system without dpkg: the programs, modules and headers themselves.
missing_pieces() {
  local piece
  for piece in g++ meson ninja msgfmt gimp gegl Xvfb xrandr openbox xdotool magick; do
    have "$piece" || printf '%s ' "$piece"
  done
  for piece in gtest nlohmann_json openssl; do
    pkg-config --exists "$piece" || printf '%s ' "$piece"
  done
  for piece in ATen/ATen.h opencv4/opencv2/imgproc.hpp CLI/CLI.hpp rapidcheck.h; do
    [[ -e /usr/include/$piece ]] || printf '%s ' "$piece"
  done
}

missing() { if have dpkg-query; then missing_packages; else missing_pieces; fi; }

# A fresh system may not know yet what its distribution offers.
distribution_has_gimp3() {
  local policy
  have apt-cache || return 1
  policy=$(apt-cache policy libgimp-3.0-dev 2>/dev/null)
  if [[ -z $policy ]] && apt-get -q update >/dev/null 2>&1; then
    policy=$(apt-cache policy libgimp-3.0-dev 2>/dev/null)
  fi
  [[ $policy == *'Candidate: '[3-9]* ]]
}

# Succeeds where this system itself can build and run the project, after installing what is missing if it may.
system_will_do() {
  local lacking=everything
  ! has_gimp3 || lacking=$(missing) || true
  if [[ -z $lacking ]]; then
    return 0
  elif [[ ! -d $ROOT ]] && is_root && distribution_has_gimp3; then
    install_on_system "${PACKAGES[@]}"
  else
    [[ $lacking == everything ]] ||
      say "this system has GIMP 3 but not: $lacking; working in a private Debian 13 root until these are installed"
    return 1
  fi
}

install_on_system() {
  say "installing with apt-get: $*"
  make_cache
  watched 'installing packages' apt_install "$@" || explain_failure 'the packages could not be installed'
}

apt_install() {
  apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$@"
}

# Goes on in the environment the commands need: returns where this is it, else starts over inside the root.
prepare() {
  [[ -z ${GBRS_INSIDE:-} ]] || return 0
  name_root
  if system_will_do; then
    export GBRS_INSIDE=system
    return 0
  fi
  [[ $1 != install ]] || refuse_to_install
  require bwrap bubblewrap
  until hold_root; do set_up_root; done
  enter "$SELF" "$@"
}

# ---- making the root ----

recipe() {
  printf '%s\n' "$SUITE $RECIPE $TEST_LOCALE"
  printf '%s\n' "${PACKAGES[@]}" | LC_ALL=C sort -u
}

name_root() { ROOT=$CACHE/root-$(recipe | sha256sum | cut -c 1-12); }

# Marks the root as in use for as long as this process and its successors live.
hold_root() {
  [[ -d $ROOT ]] || return 1
  exec 9<"$ROOT"
  flock -s 9
  [[ -d $ROOT ]]
}

make_cache() {
  mkdir -p "$CACHE" 2>/dev/null || true
  [[ -w $CACHE ]] || die "the folder $CACHE cannot be written; name another one with GBRS_CACHE"
}

# One at a time; what an interrupted call left behind goes first.
lock_cache() {
  make_cache
  exec 8>"$CACHE/lock"
  flock -n 8 || {
    say 'another ./dev is setting up; waiting for it'
    flock 8
  }
  remove_unfinished
  trap remove_unfinished EXIT
}

unlock_cache() {
  remove_unfinished
  trap - EXIT
  exec 8>&-
}

remove_unfinished() { rm -rf --one-file-system -- "$CACHE"/*.tmp; }

set_up_root() {
  lock_cache
  if [[ ! -d $ROOT ]]; then
    require_rights
    require mmdebstrap mmdebstrap
    require_disk "$CACHE"
    is_root || require_disk "${TMPDIR:-/var/tmp}"
    change_old_root || create_root
    recipe >"$ROOT.tmp/etc/gbrs-recipe"
    sync -f "$ROOT.tmp"
    mv "$ROOT.tmp" "$ROOT"
    remove_old_roots
  fi
  unlock_cache
}

require() {
  local program=$1 package=$2
  have "$program" && return
  have apt-get || die "$program is missing; install it with this system's package manager, or install GIMP 3's packages"
  is_root || die "$program is missing: run \`sudo apt-get install mmdebstrap bubblewrap uidmap\` once"
  install_on_system "$package"
}

require_rights() {
  local name
  ! is_root || return 0
  unshare -Ur true 2>/dev/null || die 'user namespaces are switched off on this machine (sysctl user.max_user_namespaces,
     or kernel.unprivileged_userns_clone); run as root instead'
  name=$(id -un)
  { grep -qs "^$name:" /etc/subuid && grep -qs "^$name:" /etc/subgid; } ||
    die "this machine cannot make the private Debian 13 root as user $name: no subordinate ids (see subuid(5)). Ask an
     administrator for \`usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $name\`"
  require newuidmap uidmap
}

require_disk() {
  local free
  free=$(($(df --output=avail -k "$1" | tail -n 1) / 1000))
  ((free >= ROOT_MEGABYTES)) || die "not enough disk: $1 has $free MB free, the private Debian 13 root takes \
$ROOT_MEGABYTES MB while it is made; free some, or name a folder on another disk with GBRS_CACHE"
}

create_root() {
  say "making the private Debian 13 root in $ROOT (once; about 500 MB to download)"
  watched 'Debian 13 root' bootstrap "$ROOT.tmp" || explain_failure 'the private Debian 13 root could not be made'
  say "the root is ready, after $SECONDS s"
}

# A plain user's home is often closed to the ids that the root is made with: there the root comes through a pipe.
bootstrap() {
  if is_root; then
    run_mmdebstrap root "$1"        # in a mount namespace, or a killed one leaves its mounts behind
  else
    mkdir "$1"
    run_mmdebstrap unshare - | unpack_as_user "$1"
  fi
}

run_mmdebstrap() {
  local isolated=()
  ! is_root || isolated=(unshare --mount)
  TMPDIR=${TMPDIR:-/var/tmp} "${isolated[@]}" mmdebstrap --verbose --mode="$1" --variant=apt --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/gtk-doc/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --dpkgopt=force-unsafe-io --include="$(IFS=, && echo "${PACKAGES[*]}")" \
    --customize-hook="chroot \"\$1\" localedef --no-archive -i ${TEST_LOCALE%.*} -f UTF-8 $TEST_LOCALE" \
    "$SUITE" "$2" ${GBRS_DEBIAN_MIRROR:+"$GBRS_DEBIAN_MIRROR"}
}

unpack_as_user() { tar -x -C "$1" --no-same-owner --exclude='./dev/*'; }

# Makes the root out of one with another package list, installing and removing the difference. The old one stays as it
# is until the new one is complete.
change_old_root() {
  local old add drop
  old=$(newest_old_root)
  [[ -n $old ]] || return 1
  add=$(recipe | grep -vxFf "$old/etc/gbrs-recipe" | paste -sd ' ')
  drop=$(grep -vxFf <(recipe) "$old/etc/gbrs-recipe" | paste -sd ' ')
  say "changing the private Debian 13 root: installing ${add:-nothing}, removing ${drop:-nothing}"
  watched 'Debian 13 root' copy_and_change "$old" "$add" "$drop" && return
  say "that did not work (see $LOG.old); making the root from nothing"
  mv "$LOG" "$LOG.old"
  remove_unfinished
  return 1
}

old_roots() { find "$CACHE" -maxdepth 1 -type d -regex '.*/root-[0-9a-f]*' ! -path "$ROOT" -printf '%T@ %p\n' | sort -rn; }

newest_old_root() {
  local root
  while read -r _ root; do
    [[ $(head -n 1 "$root/etc/gbrs-recipe" 2>/dev/null) != "$(recipe | head -n 1)" ]] || { echo "$root" && return; }
  done < <(old_roots)
}

copy_and_change() {
  if is_root; then
    cp -a --reflink=auto "$1" "$ROOT.tmp" && change_packages "$ROOT.tmp" "$2" "$3"
  else
    mkdir "$ROOT.tmp"
    tar -c -C "$1" --owner=0 --group=0 . | change_through_pipe "$2" "$3" | unpack_as_user "$ROOT.tmp"
  fi
}

# The plain user's way: unpacked, changed and packed again under subordinate ids.
change_through_pipe() {
  # shellcheck disable=SC2016 # expanded by the inner shell
  mmdebstrap --unshare-helper bash -c "$(declare -f change_packages)"'
    folder=$(mktemp -d -p "$1") && trap "rm -rf \"$folder\"" EXIT && chmod 755 "$folder" &&
    tar -x -C "$folder" && change_packages "$folder" "$2" "$3" >&2 && tar -c -C "$folder" .' \
    bash "${TMPDIR:-/var/tmp}" "$1" "$2"
}

change_packages() {
  # shellcheck disable=SC2016 # expanded by the inner shell
  bwrap --bind "$1" / --dev-bind /dev /dev --proc /proc --tmpfs /run --perms 1777 --tmpfs /tmp \
    --ro-bind-try /etc/resolv.conf /etc/resolv.conf --unshare-pid --die-with-parent --chdir / \
    --setenv PATH /usr/sbin:/usr/bin --setenv DEBIAN_FRONTEND noninteractive --setenv LC_ALL C \
    sh -ec 'apt-get -q update
      [ -z "$1" ] || apt-get -q install -y $1
      [ -z "$2" ] || { apt-mark auto $2; apt-get -q autoremove -y --purge; }
      apt-get clean; rm -rf /var/lib/apt/lists/*' sh "$2" "$3"
}

# Roots of other package lists go, but for those somebody works in.
remove_old_roots() {
  local root
  while read -r _ root; do
    flock -x -n "$root" mv "$root" "$root.tmp" || say "$root stays for now: it is in use"
  done < <(old_roots)
}

# ---- long steps ----

# Runs COMMAND… with its output in the log, and says under TEXT how far it is.
watched() {
  local text=$1 status=0 reporter
  shift
  report_progress "$text" &
  reporter=$!
  "$@" >"$LOG" 2>&1 </dev/null || status=$?
  kill "$reporter" 2>/dev/null
  wait "$reporter" 2>/dev/null || true
  [[ ! -t 2 ]] || printf '\r\033[K' >&2
  return "$status"
}

# The sleep may outlive this process, so it holds neither the terminal nor the lock.
report_progress() {
  local start=$SECONDS step
  while sleep "$([[ -t 2 ]] && echo 1 || echo 15)" >/dev/null 2>&1 8>&- && kill -0 $$ 2>/dev/null; do
    step=$(grep -aE '^(I:|Get:|Unpacking |Setting up )' "$LOG" | tail -n 1 | cut -c 1-60)
    if [[ -t 2 ]]; then
      printf '\r\033[Kdev: %s, %d s: %s' "$1" $((SECONDS - start)) "$step" >&2
    else
      say "$1, $((SECONDS - start)) s: $step"
    fi
  done
}

# Ends with a sentence that names the cause, as far as the log tells it.
explain_failure() {
  local network='Could not resolve|Temporary failure|Unable to connect|Could not connect|Connection (timed out|refused)|unreachable|Failed to fetch|Could not handshake'
  if grep -aqE 'No space left on device|enough free space' "$LOG"; then
    die "$1: the disk is full (log: $LOG)"
  elif grep -aqE "$network" "$LOG"; then
    die "$1: no network, or Debian's server does not answer ($(grep -aE -m 1 "$network" "$LOG" | cut -c 1-150)). Check the
     connection, or name another mirror with GBRS_DEBIAN_MIRROR, and call again (log: $LOG)"
  fi
  tail -n 15 "$LOG" >&2
  die "$1; the whole log is $LOG"
}

# ---- entering the root ----

# Replaces this process by COMMAND… inside the root: paths, user, terminal, signals and exit status as outside.
enter() {
  local home=${HOME:-/}
  ARGUMENTS=(--dev-bind /dev /dev --proc /proc --ro-bind-try /sys /sys --tmpfs /run)
  bind_machine
  bind_root
  expose_named "$SOURCE" "$CACHE" "$PWD" "$home" "${XAUTHORITY:-/}" \
    "${GBRS_ORACLE:-/}" "${GBRS_FIXTURES:-/}" "${GBRS_WEIGHTS:-/}" "${GBRS_DATA:-/}" "${GBRS_EVAL_DATA:-/}" \
    "${GBRS_PHOTOS:-/}" "$@"
  set_environment
  trap '' INT QUIT      # they are for the command; bubblewrap itself would kill it at once
  exec bwrap "${ARGUMENTS[@]}" --unshare-pid --die-with-parent --chdir "$(pwd -P)" \
    -- env --default-signal=INT,QUIT "$@"
}

bind_machine() {
  local path
  for path in /*; do
    case $path in /usr | /etc | /var | /boot | /sys | /proc | /dev | /run | /bin | /sbin | /lib* | /lost+found) continue ;; esac
    if [[ -L $path ]]; then
      ARGUMENTS+=(--symlink "$(readlink "$path")" "$path")
    elif [[ -d $path ]]; then
      ARGUMENTS+=(--bind-try "$path" "$path")
    fi
  done
  for path in /run/media "/run/user/$(id -u)"; do ARGUMENTS+=(--bind-try "$path" "$path"); done
}

bind_root() {
  local path
  for path in bin sbin lib lib64; do
    [[ ! -L $ROOT/$path ]] || ARGUMENTS+=(--symlink "$(readlink "$ROOT/$path")" "/$path")
  done
  for path in usr etc var; do ARGUMENTS+=(--ro-bind "$ROOT/$path" "/$path"); done
  ARGUMENTS+=(--bind-try /var/tmp /var/tmp)
  for path in passwd group resolv.conf; do ARGUMENTS+=(--ro-bind-try "/etc/$path" "/etc/$path"); done
}

# Makes the paths among the words ("--option=PATH" too) visible that bind_machine left out, such as a picture in
# /usr/share or a source tree in /var; what the root has under the same name comes first.
expose_named() {
  local path paths parents=()
  mapfile -d '' paths < <({ realpath -zms -- "${@##*=}"; realpath -zm -- "${@##*=}"; } 2>/dev/null |
    grep -zE '^/(usr|etc|var|run|boot)/')
  for path in "${paths[@]}"; do
    [[ -e $path ]] || path=${path%/*}
    [[ -e $ROOT$path || ! -e $path ]] || parents+=("$(root_folder_of "$path")"$'\t'"$path")
  done
  [[ ${#parents[@]} != 0 ]] || return 0
  mapfile -d '' parents < <(printf '%s\0' "${parents[@]}" | LC_ALL=C sort -zu)      # outer folders first
  for path in "${parents[@]}"; do open_folder "${path%%$'\t'*}"; done
  for path in "${parents[@]}"; do ARGUMENTS+=(--bind "${path#*$'\t'}" "${path#*$'\t'}"); done
}

# The nearest folder above PATH that the root has.
root_folder_of() {
  local folder=${1%/*}
  until [[ -d $ROOT$folder ]]; do folder=${folder%/*}; done
  echo "$folder"
}

# Puts a folder with the same entries over the root's read-only FOLDER: one in which mount points can be made.
open_folder() {
  local entry
  [[ -n $1 && $1 != /run && $1 != /boot && " ${ARGUMENTS[*]} " != *" --tmpfs $1 "* ]] || return 0
  ARGUMENTS+=(--tmpfs "$1")
  for entry in "$ROOT$1"/*; do
    if [[ -L $entry ]]; then
      ARGUMENTS+=(--symlink "$(readlink "$entry")" "${entry#"$ROOT"}")
    elif [[ -e $entry ]]; then
      ARGUMENTS+=(--ro-bind "$entry" "${entry#"$ROOT"}")
    fi
  done
}

# The caller's environment, less what names folders or languages that only the machine outside has.
set_environment() {
  local name value
  for name in LD_LIBRARY_PATH LD_PRELOAD PYTHONPATH PYTHONHOME PKG_CONFIG_PATH GI_TYPELIB_PATH XDG_DATA_DIRS GIO_MODULE_DIR GTK_PATH; do
    ARGUMENTS+=(--unsetenv "$name")
  done
  export LANG=${LANG:-C.UTF-8}
  for name in LANG LC_ALL "${!LC_@}"; do
    value=${!name:-C}
    [[ $value == C || $value == POSIX || -d $ROOT/usr/lib/locale/${value/[Uu][Tt][Ff]-8/utf8} ]] || ARGUMENTS+=(--unsetenv "$name")
  done
  [[ " ${ARGUMENTS[*]} " != *' --unsetenv LANG '* ]] || ARGUMENTS+=(--setenv LANG C.UTF-8)
  ARGUMENTS+=(--setenv PATH /usr/local/bin:/usr/bin:/usr/sbin --setenv GBRS_CACHE "$CACHE" --setenv GBRS_INSIDE "${ROOT##*/}")
}
