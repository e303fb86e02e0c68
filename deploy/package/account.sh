# Sourced by install.sh and, as text, part of the package's postinst, so plain sh: the account that the service runs
# as, and its directory. What is there already stays as it is.
service_account() {
  if ! getent passwd larmor >/dev/null; then
    useradd --system --user-group --home-dir /var/lib/larmor --no-create-home --shell /usr/sbin/nologin larmor
  fi
  if [ ! -d /var/lib/larmor ]; then
    install -d -o larmor -g larmor -m 750 /var/lib/larmor
  fi
}
