#!/bin/sh
# Builds the agent of a checkout, and runs the race specs on it, one window after the other. Exits with the worst exit code, and prints what it means.
# The agent is built as the user who runs this script. Only the lab runs as root. Both get a short environment, without the tokens of the job.
set -u

say() { # LEVEL TEXT: prints an annotation of the job
  echo "::$1 title=conntrack race::$(printf %s "$2" | tr '\r\n' '  ' | sed 's/%/%25/g')"
}

# A program may print lines that the runner would take for commands. The runner ignores commands until it sees the token again.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
quietly() { # COMMAND...: runs it, and has the runner ignore commands in its output
  echo "::stop-commands::$token"
  "$@"
  quiet_code=$?
  echo
  echo "::$token::"
  return $quiet_code
}

report=
end() { # VERDICT CODE: writes the action's outputs, and exits with CODE
  {
    echo "verdict=$1"
    echo "report=$report"
  } >>"${GITHUB_OUTPUT:-/dev/stdout}"
  exit "$2"
}

summary=${GITHUB_STEP_SUMMARY:-/dev/null}
refuse() { # WHY: prints why nothing can be run, and exits
  say error "error: $1"
  printf '## Conntrack race: ERROR\n\n❌ Nothing was judged.\n\n```text\n%s\n```\n' "$(printf %s "$1" | tr '`' "'")" >>"$summary"
  end error 3
}

here=$(cd "$(dirname "$0")" && pwd)
suite=$(cd "$here/../.." && pwd)
checkout=$(cd "$GATE_PATH" && pwd) || refuse "path: there is no folder $GATE_PATH; check the agent out first"
[ -n "$(echo $GATE_WINDOWS)" ] || refuse "windows: none is named; name at least one, e.g. after-snapshot"
mkdir -p "$GATE_RESULTS"
results=$(cd "$GATE_RESULTS" && pwd) || refuse "results: cannot create the folder $GATE_RESULTS; name another one"
cache=${XDG_CACHE_HOME:-$HOME/.cache}

# The lab needs root: it makes namespaces, and loads eBPF programs. SUDO_UID lets git trust the checkout, which belongs to this user.
as_user() { env -i "HOME=$HOME" "$@"; }
as_root() { if [ "$(id -u)" = 0 ]; then as_user "$@"; else sudo env -i HOME=/root "SUDO_UID=$(id -u)" "$@"; fi; }

short() { # AS NAME... -- COMMAND...: runs the command as_user or as_root with only these variables, if they are set
  as=$1
  shift
  names=
  while [ "$1" != -- ]; do
    names="$names $1"
    shift
  done
  shift
  for name in $names; do
    eval "[ -z \"\${$name-}\" ] || set -- \"$name=\$$name\" \"\$@\""
  done
  "$as" "PATH=$PATH" "XDG_CACHE_HOME=$cache" "$@"
}
for_go='GOPATH GOMODCACHE GOCACHE GOPROXY GOSUMDB GONOSUMDB GONOPROXY GOPRIVATE GOFLAGS GOTOOLCHAIN'
for_network='HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy'
for_lab=$(env | sed -n 's/^\(RACE_[A-Z0-9_]*\)=.*/\1/p')

[ "$(id -u)" = 0 ] || SUDO=sudo
export SUDO

cd "$suite" || refuse "there is no folder $suite: check out the whole repository of the suite"
sh fixtures/system/setup.sh agent || refuse "this machine could not be set up; the lines above say what is missing"
PATH=$suite/node_modules/.bin:$PATH
export PATH

# The build of a pull request is the pull request's code, too.
why=$(mktemp)
quietly short as_user TMPDIR GATE_WINDOWS GATE_GO_REPLACE $for_go $for_network -- \
  node "$here/build-agent.ts" "$checkout" "$results" "$why" || {
  reason=$(cat "$why")
  refuse "${reason:-the agent could not be built; the lines above say why}"
}
rm -f "$why"

worst=0
judged=
for window in $GATE_WINDOWS; do
  RACE_AGENT=npa:$checkout RACE_WINDOW=$window RACE_MODE=$GATE_MODE RACE_ITERATIONS=$GATE_ATTEMPTS
  RACE_GO_REPLACE=$GATE_GO_REPLACE RACE_RESULTS_DIR=$results/$window
  quietly short as_root NO_COLOR $for_lab RACE_AGENT RACE_WINDOW RACE_MODE RACE_ITERATIONS RACE_GO_REPLACE RACE_RESULTS_DIR -- \
    vitest run specs/race
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
  judged="$judged $window=$code"
  # From best to worst: pass, inconclusive, error, interrupted. A proven loss is the worst, because it is the finding.
  rank() { case $1 in 0) echo 0 ;; 2) echo 1 ;; 3) echo 2 ;; 130) echo 3 ;; 1) echo 4 ;; esac; }
  if [ -z "$report" ] || [ "$(rank $code)" -gt "$(rank $worst)" ]; then
    worst=$code
    report=$results/$window/latest/report.html
  fi
done

# What root has written is for the next steps of the job, which are not root.
[ "$(id -u)" = 0 ] || sudo chown -R "$(id -u)" "$results" "$cache/npa-race"
node "$here/write-job-summary.ts" "$results" $judged >>"$summary"
case $worst in
  0) end pass 0 ;;
  1) end fail 1 ;;
  2) end inconclusive 2 ;;
  130) end interrupted 130 ;;
  *) end error "$worst" ;;
esac
