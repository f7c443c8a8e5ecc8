# The image of `npa-race watch` on every node: Node, libbpf, and watch.tar, which has the program in one file, its native code and eBPF objects.
# "npx npa-race watch-image" makes watch.tar, and builds the image.
ARG NODE=24-bookworm-slim
FROM node:${NODE}
RUN ls /usr/lib/*/libbpf.so.1 >/dev/null 2>&1 || \
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends libbpf1 && rm -rf /var/lib/apt/lists/*)
ADD watch.tar /npa-race
# A small young generation of V8 saves memory, because a pass makes much garbage.
ENTRYPOINT ["node", "--max-semi-space-size=1", "/npa-race/remote/watch-program/watch-program.mjs"]
