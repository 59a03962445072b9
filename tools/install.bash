# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# `./dev install` and `./dev uninstall`; sourced by ./dev.
#
# Everything goes into one folder, which GIMP knows by its name: PLUG-INS/gbrs with the program gbrs. The libraries, the
# models and the command line lie in it as in an installation's prefix, where they find each other; PREFIX/bin gets a
# link. The list INSTALLED in the folder names what was written, so that uninstalling takes away that and nothing else.
INSTALLED=installed.txt

# Sets PLUGINS (GIMP's folder of plug-ins), PLUGIN (ours in it) and COMMAND (the link to the command line).
name_targets() {
  local action=$1 prefix=${HOME:-}/.local
  shift
  [[ ${HOME:-} == /* ]] || die "$action: HOME names no folder"
  while [[ $# != 0 ]]; do
    case $1 in
      --prefix) [[ $# -ge 2 ]] || die "$action: --prefix needs a folder" 2; prefix=$2; shift ;;
      --prefix=*) prefix=${1#*=} ;;
      *) die "$action: there is no option '$1'; usage: ./dev $action [--prefix DIR]" 2 ;;
    esac
    [[ -n $prefix ]] || die "$action: --prefix needs a folder" 2
    shift
  done
  COMMAND=$(realpath -m -- "$prefix")/bin/gbrs
  PLUGINS=$(gimp_profile)/plug-ins
  PLUGIN=$PLUGINS/gbrs
}

# As GIMP finds it: a relative name is one in the home. The profile that ./dev shell sets is for the build.
gimp_profile() {
  local profile=${GIMP3_DIRECTORY:-}
  [[ -n $profile && $profile != "$BUILD/profile" ]] || profile=${XDG_CONFIG_HOME:-$HOME/.config}/GIMP/3.0
  (cd "$HOME" && realpath -m -- "$profile")
}

refuse_to_install() {
  die "install: this system lacks GIMP 3 or packages that the plug-in needs to run, and what was built for the private \
Debian 13 root does not run outside it; ./dev gimp starts the GIMP in the root"
}

# ---- installing ----

# Kills at any moment leave the old installation or the new one: it is made under another name and then renamed.
install_plugin() {
  build
  [[ ! -e $PLUGIN || -e $PLUGIN/$INSTALLED ]] ||
    die "install: $PLUGIN is there already and not of ./dev install; move it away first"
  is_our_link "$COMMAND" || [[ ! -e $COMMAND && ! -L $COMMAND ]] ||
    die "install: $COMMAND is there already and not of ./dev install; move it away or name another folder with --prefix"
  mapfile -t MADE < <(missing_folders "$PLUGINS" "${COMMAND%/*}")
  NEW=$PLUGINS/.gbrs.new.$$
  trap clear_away EXIT
  make_folder "$PLUGINS"
  make_folder "${COMMAND%/*}"
  lock_plugins
  lay_out || die "install: $PLUGIN could not be written"
  swap_in || die "install: $PLUGIN could not be put in place"
  set_link || die "install: $COMMAND could not be written"
  say "installed: GIMP has Select > Object by Clicks when it starts next; the command line is $COMMAND"
}

# What is not needed any more at the end, good or bad.
clear_away() {
  rm -rf -- "$NEW"
  remove_if_empty "${MADE[@]}"
}

# The folders that installing into FOLDER… has to make, inner ones first.
missing_folders() {
  local folder
  for folder in "$@"; do
    while [[ ! -d $folder && $folder != / ]]; do
      printf '%s\n' "$folder"
      folder=${folder%/*}
      folder=${folder:-/}
    done
  done | LC_ALL=C sort -ur
}

make_folder() {
  { mkdir -p -- "$1" && [[ -w $1 ]]; } 2>/dev/null || die "install: the folder $1 cannot be written"
}

# One at a time; what a killed one left goes, or back to its place.
lock_plugins() {
  exec 6<"$PLUGINS"
  flock 6
  [[ -e $PLUGIN || ! -e $PLUGINS/.gbrs.old ]] || mv -T -- "$PLUGINS/.gbrs.old" "$PLUGIN"
  rm -rf -- "$PLUGINS"/.gbrs.{new.*,old}
}

# Fills the folder NEW.
lay_out() {
  local prefix=$BUILD/prefix
  mkdir -p -- "$NEW"/{bin,lib/gbrs,share/gbrs} &&
    cp -r -- "$prefix"/lib/gimp/3.0/plug-ins/gbrs/. "$NEW" &&
    cp -- "$prefix"/lib/libgbrs.so.? "$NEW/lib" &&
    cp -- "$prefix/lib/gbrs/libgbrs-torch.so" "$NEW/lib/gbrs" &&
    cp -r -- "$prefix/share/gbrs/"{models,networks} "$NEW/share/gbrs" &&
    cp -- "$prefix/bin/gbrs" "$NEW/bin" &&
    cp -r -- "$SOURCE/LICENSES" "$NEW" &&
    list_written >"$NEW/$INSTALLED" &&
    keep_foreign_files &&
    sync -f "$NEW"
}

# A line for everything written: "file" and "folder" within the installation, "link" to it, "made" around it.
list_written() {
  (cd "$NEW" && find . -mindepth 1 -type d -printf 'folder %P\n' -o ! -type d -printf 'file %P\n') &&
    { echo "$COMMAND"; listed link "$PLUGIN"; } | sort -u | sed 's/^/link /' &&
    { printf '%s\n' "${MADE[@]}"; listed made "$PLUGIN"; } | sed '/^$/d; s/^/made /' | sort -u
}

# What the list of the installation FOLDER has under KIND; nothing where there is none.
listed() { sed -n "s/^$1 //p" "$2/$INSTALLED" 2>/dev/null || true; }

# Files in the installation FOLDER that its list does not name.
foreign_files() { (cd "$1" && find . ! -type d -printf '%P\n') | grep -vxFf <(listed file "$1") || true; }

# What somebody has put into the old installation is in the new one too.
keep_foreign_files() {
  local file
  [[ -e $PLUGIN ]] || return 0
  while IFS= read -r file; do
    [[ -e $NEW/$file ]] || (cd "$PLUGIN" && cp -a --parents -- "$file" "$NEW") || return
  done < <(foreign_files "$PLUGIN")
}

swap_in() {
  if [[ ! -e $PLUGIN ]]; then
    mv -T -- "$NEW" "$PLUGIN"
  elif ! mv --exchange -T -- "$NEW" "$PLUGIN" 2>/dev/null; then
    # coreutils older than 9.5, or a file system that cannot: lock_plugins mends what a kill in between leaves
    mv -T -- "$PLUGIN" "$PLUGINS/.gbrs.old" && mv -T -- "$NEW" "$PLUGIN" && rm -rf -- "$PLUGINS/.gbrs.old"
  fi
}

is_our_link() { [[ -L $1 && $(readlink -- "$1") == "$PLUGIN/bin/gbrs" ]]; }

set_link() { is_our_link "$COMMAND" || ln -s -- "$PLUGIN/bin/gbrs" "$COMMAND"; }

# ---- uninstalling ----

uninstall_plugin() {
  local links files folders made link left
  [[ -d $PLUGINS ]] || die "uninstall: nothing is installed in $PLUGINS"
  lock_plugins
  [[ -e $PLUGIN/$INSTALLED ]] || die "uninstall: nothing of ./dev install is in $PLUGINS"
  mapfile -t links < <(listed link "$PLUGIN")
  mapfile -t files < <(listed file "$PLUGIN" | grep -vxF "$INSTALLED")
  mapfile -t folders < <(listed folder "$PLUGIN" | LC_ALL=C sort -r)
  mapfile -t made < <(listed made "$PLUGIN" | LC_ALL=C sort -r)
  left=$(foreign_files "$PLUGIN")
  for link in "${links[@]}" "$COMMAND"; do
    ! is_our_link "$link" || rm -f -- "$link" || die "uninstall: $link could not be removed"
  done
  # the list goes last: an uninstall that is killed can be called again
  (cd "$PLUGIN" && rm -f -- "${files[@]}" && remove_if_empty "${folders[@]}" && rm -f -- "$INSTALLED") ||
    die "uninstall: $PLUGIN could not be removed"
  remove_if_empty "$PLUGIN" "${made[@]}"
  [[ -z $left ]] || say "uninstalled; left in $PLUGIN, as it is not of ./dev install: $(paste -sd ' ' <<<"$left")"
}

remove_if_empty() { [[ $# == 0 ]] || rmdir --ignore-fail-on-non-empty -- "$@" 2>/dev/null || true; }
