# The image of the probe: Node and libbpf, by which the probe uses eBPF. Installs nothing if the base image has libbpf already.
# "npm run images" builds from the exact version of Node that this suite pins.
ARG NODE=24-bookworm-slim
FROM node:${NODE}
RUN ls /usr/lib/*/libbpf.so.1 >/dev/null 2>&1 || \
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends libbpf1 && rm -rf /var/lib/apt/lists/*)
