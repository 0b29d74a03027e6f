#!/usr/bin/env bash
# Installs what the suites need and a bare Debian machine lacks: Chromium, a PostgreSQL server, LibreOffice,
# strace, the shell of SQLite, a mail server, and the packages of the two Node projects. Does nothing where everything is there.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=()
[ -x /usr/bin/chromium ] || wanted+=(chromium)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted+=(postgresql)
command -v soffice >/dev/null 2>&1 || wanted+=(libreoffice-calc-nogui)
command -v cc >/dev/null 2>&1 || wanted+=(build-essential)
command -v runuser >/dev/null 2>&1 || wanted+=(util-linux)
command -v strace >/dev/null 2>&1 || wanted+=(strace)
command -v sqlite3 >/dev/null 2>&1 || wanted+=(sqlite3)
/usr/bin/python3 -c "import aiosmtpd" 2>/dev/null || wanted+=(python3 python3-aiosmtpd)
[ -d /usr/share/fonts/truetype/dejavu ] || wanted+=(fonts-dejavu-core)

if [ ${#wanted[@]} -gt 0 ]; then
  echo "installing ${wanted[*]}"
  sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  export DEBIAN_FRONTEND=noninteractive
  "${sudo[@]}" apt-get update -qq
  "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
fi

scripts/need cargo "https://www.rust-lang.org/tools/install"
scripts/need npm "Node.js 20 or later, https://nodejs.org"
npm --prefix tests ci --no-audit --no-fund --silent
