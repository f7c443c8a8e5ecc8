#!/bin/sh
# Runs the race specs on a checkout of the agent, a window at a time. Ends with the worst exit code, and says what it means.
set -u

say() { # LEVEL TEXT, as an annotation of the job
  echo "::$1 title=conntrack race::$2"
}

report=
end() { # VERDICT CODE, with the action's outputs
  {
    echo "verdict=$1"
    echo "report=$report"
  } >>"${GITHUB_OUTPUT:-/dev/stdout}"
  exit "$2"
}

refuse() { # WHY nothing can be run
  say error "error: $1"
  end error 3
}

suite=$(cd "$(dirname "$0")/../../.." && pwd)
checkout=$(cd "$GATE_PATH" && pwd) || refuse "path: there is no folder $GATE_PATH; check the agent out first"
[ -n "$(echo $GATE_WINDOWS)" ] || refuse "windows: none is named; name at least one, e.g. after-snapshot"
mkdir -p "$GATE_RESULTS"
results=$(cd "$GATE_RESULTS" && pwd) || refuse "results: $GATE_RESULTS cannot be made"

# Namespaces and eBPF need root. Results belong to whoever started this.
root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo --preserve-env env "PATH=$PATH" "$@"; fi
}

cd "$suite" || refuse "the suite is not in $suite"
root sh fixtures/system/setup.sh build || refuse "the machine could not be set up; the lines above say what is missing"
PATH=$suite/node_modules/.bin:$PATH
export PATH

worst=0
for window in $GATE_WINDOWS; do
  RACE_AGENT="npa:$checkout" RACE_WINDOW=$window RACE_MODE=$GATE_MODE RACE_ITERATIONS=$GATE_ATTEMPTS \
    RACE_GO_REPLACE=$GATE_GO_REPLACE RACE_RESULTS_DIR=$results/$window root npx vitest run specs/race
  code=$?
  case $code in
    0) say notice "$window: pass: no live flow was lost" ;;
    1) say error "$window: fail: the cleanup deletes entries of live flows, or keeps stale ones; the report shows it" ;;
    2) say error "$window: inconclusive: nothing was shown; the last lines of the job say why" ;;
    130) say error "$window: interrupted" ;;
    *)
      say error "$window: error: nothing was run: the settings, the machine or the agent's build; the last lines of the job say which"
      code=3
      ;;
  esac
  # Worse is what shows less: an error hides more than a doubt, and a proven loss is the finding.
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
