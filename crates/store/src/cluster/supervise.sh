# Runs Postgres ("$@") until it ends or standard input closes. Whoever started this holds the
# other end and writes nothing: the kernel closes it however that process ends, kill -9 included,
# and Postgres is then told to shut down. REMOVE names a directory to delete afterwards.
exec 3<&0
"$@" 3<&- &
postgres=$!
(read -r _ <&3; kill -INT "$postgres" 2>/dev/null) &
reader=$!
exec 3<&-
wait "$postgres"
code=$?
kill "$reader" 2>/dev/null
[ -n "$REMOVE" ] && rm -rf -- "$REMOVE" 2>/dev/null
exit "$code"
