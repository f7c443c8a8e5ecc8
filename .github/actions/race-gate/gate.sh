#!/bin/sh
# Runs the race specs on a checkout of the agent, one window after the other. Exits with the worst exit code, and prints what it means.
set -u

say() { # LEVEL TEXT: prints an annotation of the job
  echo "::$1 title=conntrack race::$2"
}

report=
end() { # VERDICT CODE: writes the action's outputs, and exits with CODE
  {
    echo "verdict=$1"
    echo "report=$report"
  } >>"${GITHUB_OUTPUT:-/dev/stdout}"
  exit "$2"
}

refuse() { # WHY: prints why nothing can be run, and exits
  say error "error: $1"
  end error 3
}

suite=$(cd "$(dirname "$0")/../../.." && pwd)
checkout=$(cd "$GATE_PATH" && pwd) || refuse "path: there is no folder $GATE_PATH; check the agent out first"
[ -n "$(echo $GATE_WINDOWS)" ] || refuse "windows: none is named; name at least one, e.g. after-snapshot"
mkdir -p "$GATE_RESULTS"
results=$(cd "$GATE_RESULTS" && pwd) || refuse "results: cannot create the folder $GATE_RESULTS; name another one"

# Namespaces and eBPF need root. The results are given to the user of the job at the end.
root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo --preserve-env env "PATH=$PATH" "$@"; fi
}

cd "$suite" || refuse "there is no folder $suite: check out the whole repository of the suite"
root sh fixtures/system/setup.sh agent || refuse "this machine could not be set up; the lines above say what is missing"
PATH=$suite/node_modules/.bin:$PATH
export PATH

worst=0
for window in $GATE_WINDOWS; do
  RACE_AGENT="npa:$checkout" RACE_WINDOW=$window RACE_MODE=$GATE_MODE RACE_ITERATIONS=$GATE_ATTEMPTS \
    RACE_GO_REPLACE=$GATE_GO_REPLACE RACE_RESULTS_DIR=$results/$window root npx vitest run specs/race
  code=$?
  case $code in
    0) say notice "$window: pass: no live flow was lost" ;;
    1) say error "$window: fail: the cleanup deletes entries of live flows, or keeps stale ones; see the report" ;;
    2) say error "$window: inconclusive: the run proves nothing; the last lines of the job say why" ;;
    130) say error "$window: interrupted" ;;
    *)
      say error "$window: error: nothing was run; the last lines of the job say whether the settings, the machine or the build of the agent are the cause"
      code=3
      ;;
  esac
  # From best to worst: pass, inconclusive, error, interrupted. A proven loss is the worst, because it is the finding.
  rank() { case $1 in 0) echo 0 ;; 2) echo 1 ;; 3) echo 2 ;; 130) echo 3 ;; 1) echo 4 ;; esac; }
  if [ -z "$report" ] || [ "$(rank $code)" -gt "$(rank $worst)" ]; then
    worst=$code
    report=$results/$window/latest/report.html
  fi
done

[ "$(id -u)" = 0 ] || sudo chown -R "$(id -u)" "$results"
case $worst in
  0) end pass 0 ;;
  1) end fail 1 ;;
  2) end inconclusive 2 ;;
  130) end interrupted 130 ;;
  *) end error "$worst" ;;
esac
