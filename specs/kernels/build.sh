#!/bin/bash
# build.sh NAME...: makes what boot.sh needs for these kernels, e.g. `build.sh 5.10-amd64 6.1-arm64`. What exists already is kept, except the
# project's tree, which is always the one of this checkout.
#
# NAME is VERSION-ARCHITECTURE[-FLAVOUR] of a Debian kernel. FLAVOUR is `cloud` (the default, close to what machines in a cloud run), `generic`
# (all modules) or `16k` (arm64 with pages of 16 KiB). AGENT_amd64 and AGENT_arm64 name folders with a built agent, which the guests then have in the
# project's folder `agent`. Everything is written below KERNELS_CACHE. Packages come from the mirrors in this machine's
# apt configuration. They are unpacked and none of their scripts run, so that another architecture needs no emulation here.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
project=$(readlink -f "$here/../..")
cache=${KERNELS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/npa-race/kernels}
mkdir -p "$cache"
cd "$cache"
PATH=$PATH:/usr/sbin:/sbin

declare -A suites=([5.10]=bullseye [6.1]=bookworm [6.12]=trixie [7.2]=forky)
# All guests have the same userland, so that only the kernel differs.
userland_suite=bookworm
packages="bash dash coreutils util-linux mount procps iproute2 nftables libbpf1 kmod ca-certificates tar gzip grep sed findutils mawk libc-bin
  base-passwd base-files hostname libstdc++6 conntrack bpftool busybox-static iputils-ping"

tools="apt-get dpkg-deb mke2fs depmod cpio zstd xz npm"
for name; do
  case $name in
  *-amd64*) tools="$tools qemu-system-x86_64" ;;
  *-arm64*) tools="$tools qemu-system-aarch64" ;;
  esac
done
for tool in $tools; do
  command -v $tool >/dev/null || {
    echo "$tool is missing; on Debian: apt-get install qemu-system-x86 qemu-system-arm e2fsprogs kmod cpio zstd xz-utils" >&2
    exit 3
  }
done

apt_for() { # SUITE ARCHITECTURE: sets `apt` to the options of a package list of its own
  local state=$cache/apt/$1-$2 mirror
  apt=(-oDir::State="$state" -oDir::State::Lists="$state/lists" -oDir::State::status="$state/status" -oDir::Cache="$state/cache"
    -oDir::Etc::SourceList="$state/sources.list" -oDir::Etc::SourceParts=/dev/null -oAPT::Architecture="$2" -oAPT::Architectures="$2"
    -oAPT::Sandbox::User=root -oAPT::Install-Recommends=false -oDebug::NoLocking=1 -oDir::Cache::archives="$cache/packages/$2")
  mkdir -p "$state"/{lists/partial,cache} "$cache/packages/$2/partial"
  : >"$state/status"
  [ -e "$state/updated" ] && return
  mirror=$(sed -n 's/^URIs: *//p; s/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null |
    grep -v security | sed -n 1p || true)
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg arch=$2] $mirror $1 main" >"$state/sources.list"
  if ! apt-get "${apt[@]}" update -qq 2>"$state/update.log"; then
    grep -qi 'signature\|NO_PUBKEY\|not signed' "$state/update.log" || { cat "$state/update.log" >&2; exit 1; }
    echo "note: this machine does not know the key of $1; its packages are only used in guests, and are not verified" >&2
    sed -i 's/signed-by=[^ ]*/trusted=yes/' "$state/sources.list"
    apt-get "${apt[@]}" update -qq
  fi
  touch "$state/updated"
}

userland() { # ARCHITECTURE: makes roots/ARCHITECTURE.img
  local at=roots/$1
  [ "$(cat "$at.packages" 2>/dev/null)" = "$packages" ] && return
  apt_for $userland_suite "$1"
  rm -rf "$at"
  mkdir -p "$at"/{usr/{bin,sbin,lib,lib64,local/bin},var/{cache,tmp},dev,proc,sys,run,tmp,root,opt/npa-race,etc,mnt,out,boot,lib-modules}
  apt-get "${apt[@]}" install -y --download-only -qq $packages >/dev/null
  for link in bin sbin lib lib64; do ln -s usr/$link "$at/$link"; done
  for deb in packages/"$1"/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$at"; done
  rmdir "$at/lib-modules"
  mkdir -p "$at/usr/lib/modules"
  cp "$at/usr/share/base-passwd/passwd.master" "$at/etc/passwd"
  cp "$at/usr/share/base-passwd/group.master" "$at/etc/group"
  printf 'hosts: files\npasswd: files\ngroup: files\n' >"$at/etc/nsswitch.conf"
  printf '127.0.0.1 localhost\n::1 localhost\n127.0.1.1 guest\n' >"$at/etc/hosts"
  ln -sf mawk "$at/usr/bin/awk"
  rm -rf "$at"/usr/share/{doc,man,locale,info}
  cp "$at/bin/busybox" "roots/$1.busybox"
  mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$at" "$at.img" "$(($(du -sm "$at" | cut -f1) + 700))M"
  rm -rf "$at"
  echo "$packages" >"$at.packages"
}

package_of() { # VERSION ARCHITECTURE FLAVOUR: prints the newest kernel package
  local prefix='' suffix=''
  [ "$3" = cloud ] && prefix=cloud-
  [ "$3" = 16k ] && suffix=-16k
  apt-cache "${apt[@]}" search --names-only "^linux-image-${1//./\\.}\\.[0-9].*[0-9]-$prefix$2$suffix\$" | awk '{print $1}' |
    { [ "$3" = cloud ] && cat || grep -v cloud; } | sort -V | tail -1
}

kernel() { # NAME: makes kernels/NAME/{vmlinuz,modules.img,initramfs.gz,release}
  local version architecture flavour package parts tree release at=kernels/$1
  IFS=- read -r version architecture flavour <<<"$1"
  [ -e "$at/ready" ] && return
  [ -n "${suites[$version]:-}" ] || { echo "no Debian release has kernel $version; known: ${!suites[*]}" >&2; exit 3; }
  apt_for "${suites[$version]}" "$architecture"
  package=$(package_of "$version" "$architecture" "${flavour:-cloud}")
  [ -n "$package" ] || { echo "there is no kernel $1 in ${suites[$version]}" >&2; exit 3; }
  # Since 7.x the kernel is in several packages.
  parts=$(apt-cache "${apt[@]}" depends "$package" | awk '/Depends:/{print $2}' | grep -E '^linux-(base|binary|modules)-[0-9]' || true)
  rm -rf "$at"
  mkdir -p "$at/tree" "$at/packages"
  (cd "$at/packages" && apt-get "${apt[@]}" download -qq $package $parts)
  tree=$at/tree
  for deb in "$at"/packages/*.deb; do dpkg-deb -x "$deb" "$tree"; done
  [ -d "$tree/lib/modules" ] || { mkdir -p "$tree/lib"; mv "$tree/usr/lib/modules" "$tree/lib/"; }
  release=$(ls "$tree/lib/modules" | head -1)
  cp "$(ls "$tree"/boot/vmlinuz* "$tree"/lib/modules/*/vmlinuz 2>/dev/null | head -1)" "$at/vmlinuz"
  # The busybox of the initramfs reads no compressed modules.
  find "$tree/lib/modules" -name '*.ko.xz' -print0 | xargs -0 -r -n 64 xz -d
  find "$tree/lib/modules" -name '*.ko.zst' -print0 | xargs -0 -r -n 64 zstd -q -d --rm
  depmod -b "$tree" "$release"
  mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$tree/lib/modules" "$at/modules.img" "$(($(du -sm "$tree/lib/modules" | cut -f1) * 12 / 10 + 24))M"
  initramfs "$architecture" "$tree/lib/modules/$release" "$release" "$at/initramfs"
  echo "$release" >"$at/release"
  rm -rf "$tree" "$at/packages"
  touch "$at/ready"
}

initramfs() { # ARCHITECTURE MODULES RELEASE FOLDER: busybox, the modules of the disks, and guest/init
  local module file
  mkdir -p "$4"/{bin,dev,proc,sys,mnt} "$4/lib/modules/$3"
  cp "roots/$1.busybox" "$4/bin/busybox"
  for module in virtio_pci virtio_mmio virtio_blk ext4 virtio_rng crc32c_generic crc32c libcrc32c crc32c-intel crc32c_cryptoapi; do
    # A line of modules.dep has the module, a colon, and what it depends on. A module that is built in has none.
    for file in $(sed -n "s#^\([^:]*/${module/_/[_-]}\.ko\): *#\1 #p" "$2/modules.dep"); do
      install -D -m 644 "$2/$file" "$4/lib/modules/$3/$file"
    done
  done
  cp "$2"/modules.{order,builtin,builtin.modinfo} "$4/lib/modules/$3/" 2>/dev/null || true
  depmod -b "$4" "$3"
  install -m 755 "$here/guest/init" "$4/init"
  (cd "$4" && find . | cpio -o -H newc --quiet | gzip -1) >"$4.gz"
  rm -rf "$4"
}

packages_of_project() { # ARCHITECTURE: installs the npm packages of the lock file, for that architecture
  local at=project/$1 cpu=x64
  [ "$1" = arm64 ] && cpu=arm64
  cmp -s "$project/package-lock.json" "$at/package-lock.json" && return
  rm -rf "$at"
  mkdir -p "$at/fixtures/system/node"
  cp "$project"/package{,-lock}.json "$at/"
  cp "$project/fixtures/system/node/package.json" "$at/fixtures/system/node/" # a workspace of the lock file
  (cd "$at" && npm ci --no-audit --no-fund --silent --ignore-scripts --os=linux --cpu=$cpu --libc=glibc && npm run prepare --silent --workspace npa-race-node)
  # No spec runs these in a guest.
  (cd "$at/node_modules" && rm -rf oxlint oxfmt @oxlint @oxfmt @oxlint-tsgolint oxlint-tsgolint typescript @typescript knip playwright-core node-linux-*/{include,share})
}

project() { # ARCHITECTURE: makes project/ARCHITECTURE.img from this checkout, with changes that are not committed
  local at=project/$1 tree=project/$1.tree
  packages_of_project "$1"
  rm -rf "$tree" "$at.img"
  mkdir -p "$tree"
  git -C "$project" ls-files -z --cached --others --exclude-standard |
    (cd "$project" && xargs -0 -I{} sh -c '[ ! -e "$1" ] || echo "$1"' sh {}) | tar -c -C "$project" -T - | tar -x -C "$tree"
  mv "$at/node_modules" "$tree/"
  local agent=AGENT_$1
  [ -z "${!agent:-}" ] || cp -r "${!agent}" "$tree/agent"
  install -m 755 "$here/guest/run" "$tree/guest-run"
  mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$tree" "$at.img" "$(($(du -sm "$tree" | cut -f1) * 12 / 10 + 400))M"
  mv "$tree/node_modules" "$at/"
  rm -rf "$tree"
}

for name; do
  IFS=- read -r _ architecture _ <<<"$name"
  echo "building $name" >&2
  userland "$architecture"
  kernel "$name"
done
for architecture in $(printf '%s\n' "$@" | cut -d- -f2 | sort -u); do project "$architecture"; done
