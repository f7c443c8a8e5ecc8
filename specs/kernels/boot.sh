#!/bin/bash
# boot.sh NAME SCRIPT FOLDER: boots that kernel, runs the bash script in the project's folder as root, and exits with the script's exit code.
# What the guest writes to /out, and its kernel log, are unpacked to FOLDER. Nothing else that a guest writes is kept.
#
# Exit code 124: it took longer than LIMIT seconds (default 1800). 125: the guest ended without an exit code. 3: not built.
# CPUS (2), MEMORY in MiB (3072), KERNEL_ARGS, and ACCELERATOR: tcg (the default, an emulated processor) or kvm.
set -uo pipefail
name=$1 script=$(readlink -f "$2") out=$3
mkdir -p "$out"
out=$(readlink -f "$out")
cd "${KERNELS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/npa-race/kernels}" 2>/dev/null || { echo "nothing is built: build.sh $name" >&2; exit 3; }
IFS=- read -r _ architecture _ <<<"$name"
[ -e "kernels/$name/ready" ] && [ -e "project/$architecture.img" ] || { echo "$name is not built: build.sh $name" >&2; exit 3; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$script" "$work/script"
# Two archives, one after the other, are one initramfs.
(cd "$work" && echo script | cpio -o -H newc --quiet) >"$work/initramfs"
cat "kernels/$name/initramfs.gz" >>"$work/initramfs"
truncate -s 64M "$work/out.tar"
accelerator=${ACCELERATOR:-tcg}
case $architecture in
amd64)
  machine=(qemu-system-x86_64 -machine q35) console=ttyS0
  # Memory protection keys: V8 uses them if they are there, and crashes now and then if they are emulated.
  cpu=max,-pku ;;
arm64)
  machine=(qemu-system-aarch64 -machine virt,gic-version=3) console=ttyAMA0
  # Pointers that are signed by the real algorithm take half of the time.
  cpu=max,pauth-impdef=on ;;
esac
[ "$accelerator" = kvm ] && cpu=host
[ "$accelerator" = tcg ] && accelerator=tcg,thread=multi
disk() { echo "-drive if=none,id=$1,format=raw,file=$2,snapshot=$3,cache=unsafe -device virtio-blk-pci,drive=$1,serial=$1"; }
show() { # prints the guest's lines; ends qemu if KVM gave up, which would otherwise stay until LIMIT
  local line
  while IFS= read -r line; do
    case $line in
    'guest: exit '*) ;;
    *'KVM internal error'*)
      echo "KVM cannot run $name on this machine (KVM internal error). Use the emulated processor: do not set ACCELERATOR." >&2
      kill "$(cat "$work/pid")" ;;
    *) printf '%s\n' "$line" ;;
    esac
  done
}
nice -n 10 timeout --foreground -k 5 "${LIMIT:-1800}" "${machine[@]}" -accel $accelerator -cpu $cpu -smp "${CPUS:-2}" -m "${MEMORY:-3072}" -nographic -pidfile "$work/pid" \
  -serial mon:stdio -no-reboot -nodefaults -kernel "kernels/$name/vmlinuz" -initrd "$work/initramfs" -device virtio-rng-pci \
  $(disk root "roots/$architecture.img" on) $(disk project "project/$architecture.img" on) $(disk modules "kernels/$name/modules.img" on) \
  $(disk out "$work/out.tar" off) \
  -append "console=$console quiet loglevel=4 panic=-1 print-fatal-signals=1 mitigations=off ${KERNEL_ARGS:-}" </dev/null 2>&1 |
  stdbuf -oL tr -d '\r' | tee "$out/console.log" | show
ended=${PIPESTATUS[0]}
code=$(sed -n 's/.*guest: exit //p' "$out/console.log" | tail -1)
tar -xf "$work/out.tar" -C "$out" 2>/dev/null
[[ ${code:-} =~ ^[0-9]+$ ]] && exit "$code"
[ "$ended" = 124 ] && exit 124
exit 125
