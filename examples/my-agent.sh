#!/bin/sh
# A small agent that npa-race can judge, in shell. Copy it, and write your own cleanup into `compare`.
#
# It needs bpftool, conntrack and awk, and handles IPv4. Every half period it runs one pass. Two kinds of pass take turns:
#
#   hydrate  copies the keys of the pinned map.
#   compare  dumps conntrack, and deletes the entries whose flow conntrack no longer has.
#
# This cleanup has the race: it does not look at an entry again before it deletes it.
set -u
PATH=$PATH:/usr/sbin:/sbin

# Prints the keys of the map, one a line, as bpftool reads them: 0xc0 0x00 0x02 …
hydrate() {
  bpftool --json map dump pinned "$RACE_MAP_PIN" | tr '{' '\n' | sed -n 's/^"key":\[\([^]]*\)\].*/\1/p' | tr -d '"' | tr ',' ' '
}

# Prints the flows that the kernel tracks, one a line: protocol, source, destination, and both ports.
dump_conntrack() {
  conntrack -L -f ipv4 2>/dev/null | sed -n 's/^\([a-z]*\) .*[A-Z ]src=\([^ ]*\) dst=\([^ ]*\) sport=\([0-9]*\) dport=\([0-9]*\) .*src=.*/\1 \2 \3 \4 \5/p'
}

# Prints a command of bpftool for each of the keys whose flow is not among the tracked flows. Input: the flows, an empty line, the keys.
deletes_of_stale_keys() {
  awk -v pin="$RACE_MAP_PIN" '
    function byte(i) { return 16 * index(digits, substr($i, 3, 1)) + index(digits, substr($i, 4, 1)) - 17 }
    function address(i) { return byte(i) "." byte(i + 1) "." byte(i + 2) "." byte(i + 3) }
    function port(i) { return byte(i) + 256 * byte(i + 1) }  # The ports of a key are little-endian.
    BEGIN { digits = "0123456789abcdef"; name[6] = "tcp"; name[17] = "udp" }
    NF == 0 { in_keys = 1; next }
    !in_keys { tracked[$0]; next }
    !((name[byte(15)] " " address(1) " " address(9) " " port(5) " " port(13)) in tracked) { print "map delete pinned " pin " key " $0 }'
}

compare() { # KEYS
  tracked=$(dump_conntrack)
  printf '%s\n\n%s\n' "$tracked" "$1" | deletes_of_stale_keys | bpftool batch file - >/dev/null
}

half=$(awk "BEGIN { print $RACE_CLEANUP_PERIOD / 2 }")
while :; do # until SIGTERM ends the program
  keys=$(hydrate)
  sleep "$half"
  compare "$keys"
  sleep "$half"
done
