# The probe's image: Node, and the library by which it talks to the kernel's eBPF. Installs nothing where the base has it already.
FROM node:24-bookworm-slim
RUN ls /usr/lib/*/libbpf.so.1 >/dev/null 2>&1 || \
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends libbpf1 && rm -rf /var/lib/apt/lists/*)
