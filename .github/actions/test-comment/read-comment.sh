#!/bin/sh
# Reads the commit from the comment "/test race <commit>" in the variable COMMENT, and prints it as an output of the step. Anybody can write a comment,
# so its text is only compared, and never becomes part of a command. GH_REPO or GITHUB_REPOSITORY and PULL_REQUEST name the pull request.
set -u
LC_ALL=C
export LC_ALL

refuse() { # WHY
  echo "::error title=conntrack race::$1"
  exit 1
}

# GitHub sends line breaks as CR LF. Text after the commit is refused, too, because a person may read it as a condition.
comment=$(printf %s "$COMMENT" | tr -d '\r')
commit=${comment#/test race }
[ "$commit" != "$comment" ] || refuse 'the comment does not begin with "/test race "'
case $commit in
*[!0-9a-f]*) refuse 'write only "/test race " and the commit of the pull request, all 40 lower-case hexadecimal digits of it' ;;
esac
[ ${#commit} = 40 ] || refuse 'name the commit with all 40 hexadecimal digits, because a shorter one can be made to mean another commit'

# The author of the pull request may have changed it after the comment was written, so the comment names what was reviewed.
case $PULL_REQUEST in
'' | *[!0-9]*) refuse 'the comment is not on a pull request' ;;
esac
head=$(gh api "repos/${GH_REPO:-$GITHUB_REPOSITORY}/pulls/$PULL_REQUEST" --jq .head.sha) || refuse 'the pull request cannot be read; the job needs the permission pull-requests: read'
[ "$commit" = "$head" ] || refuse "the newest commit of the pull request is $head, and not the one in the comment: review it, and name it in a new comment"
echo "commit=$commit" >>"${GITHUB_OUTPUT:-/dev/stdout}"
