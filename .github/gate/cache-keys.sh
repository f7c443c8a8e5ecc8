#!/bin/sh
# Prints the keys of the action's caches, as outputs of a step: one for the npm packages of the suite, one for the built agent.
set -u
suite=$(cd "$(dirname "$0")/../.." && pwd)
# Objects of the agent are built from the types of the kernel, and belong to the recipe of this version of the suite.
recipe=$(cd "$suite" && cat fixtures/agents/npa/*.ts | cksum | cut -d ' ' -f 1)
tree=$(git -C "$GATE_PATH" rev-parse 'HEAD^{tree}' 2>/dev/null) || tree=${GITHUB_RUN_ID:-none}
{
  echo "npm=npa-race-npm-$(uname -m)-$(cksum <"$suite/package-lock.json" | cut -d ' ' -f 1)"
  echo "agents=npa-race-agents-$(uname -m)-$(uname -r)-$recipe-$tree"
} >>"${GITHUB_OUTPUT:-/dev/stdout}"
