#!/usr/bin/env bash
# uninstall.sh [--purge] [PREFIX]: takes away what install.sh put below PREFIX (default /usr/local), and the service.
# Configuration (/etc/larmor), data (/var/lib/larmor) and the account stay, unless --purge says that they go, too.
set -euo pipefail
purge=
if [ "${1:-}" = --purge ]; then purge=yes; shift; fi
case ${1:-} in -*) sed -n '2,/^set/{/^set/!s/^# \?//p}' "$0"; exit 2 ;; esac
prefix=$(realpath -m -- "${1:-/usr/local}")
if [ "$prefix" = /usr ] && dpkg-query -s larmor >/dev/null 2>&1; then
  echo "uninstall.sh: this Larmor is Debian's package: apt-get remove larmor (or purge)" >&2
  exit 1
fi
[ -x "$prefix/bin/larmor" ] || [ -d "$prefix/share/larmor" ] || { echo "uninstall.sh: no Larmor below $prefix" >&2; exit 1; }

service=
for unit in /etc/systemd/system/larmor.service /lib/systemd/system/larmor.service; do
  # Another prefix may have a service of its own.
  if [ -e "$unit" ] && grep -q "^ExecStart=$prefix/bin/larmor " "$unit"; then service=$unit; fi
done
if [ "$(id -u)" = 0 ] && [ -n "$service" ]; then
  if [ -d /run/systemd/system ]; then systemctl disable --now --quiet larmor; fi
  rm -f "$service" /etc/systemd/system/multi-user.target.wants/larmor.service
  if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
fi
rm -f "$prefix/bin/larmor" "$prefix/bin/larmor-process"
rm -rf "$prefix/lib/larmor" "$prefix/share/larmor" "$prefix/share/doc/larmor"
if [ -n "$purge" ]; then
  rm -rf /etc/larmor /etc/systemd/system/larmor.service.d /var/lib/larmor
  if getent passwd larmor >/dev/null; then userdel larmor; fi
  echo "removed, with configuration and data"
else
  echo "removed; /etc/larmor and /var/lib/larmor stay (uninstall.sh --purge takes them, too)"
fi
