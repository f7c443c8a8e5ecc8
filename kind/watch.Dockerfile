# The image of `npa-race watch` on every node. Build it in the folder of the repository: docker build --tag npa-race/watch --file kind/watch.Dockerfile .
FROM node:24-bookworm-slim
RUN ls /usr/lib/*/libbpf.so.1 >/dev/null 2>&1 || \
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends libbpf1 && rm -rf /var/lib/apt/lists/*)
WORKDIR /npa-race
COPY package.json package-lock.json ./
COPY fixtures/system/node/package.json fixtures/system/node/
# The image has its own Node.
RUN npm ci --omit=dev --omit=peer --ignore-scripts --no-audit --no-fund && rm -rf node_modules/node-linux-*
COPY helpers helpers
COPY fixtures fixtures
CMD ["node", "fixtures/cli/npa-race.ts", "watch"]
