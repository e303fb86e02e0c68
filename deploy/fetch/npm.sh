# Sourced by the fetch scripts, after common.sh.

# npm_package NAME VERSION SHA512: the package's files in ./package, checked against the hash.
npm_package() {
  command -v npm >/dev/null || fail "npm is missing (Debian: apt-get install npm)"
  say "fetching $1 $2 from npm"
  npm pack --silent "$1@$2" >/dev/null || fail "'npm pack $1@$2' did not work"
  echo "$3  $1-$2.tgz" | sha512sum --check --quiet || fail "$1-$2.tgz is not the file it should be"
  rm -rf package; tar xzf "$1-$2.tgz"; rm "$1-$2.tgz"
}
